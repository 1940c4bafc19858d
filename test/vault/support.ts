import lock from "../../images.lock.json";
import { MAKING_IMAGES, makeImages } from "../sandbox/support/images";
import { describeReal } from "../sandbox/support/requirements";

/** A suite under the real engine that also runs images of the stack. */
export function describeWithImages(name: string, images: (keyof typeof lock)[], suite: () => void): void {
  describeReal(name, () => {
    beforeAll(() => makeImages(images.map(key => lock[key])), MAKING_IMAGES);
    suite();
  });
}
