import { execFileSync } from "node:child_process";
import lock from "../../images.lock.json";
import { provideOwnImages } from "../../ops/own-images";
import { buildImages, SANDBOX_LABEL } from "../../sandbox/images/build";
import { RECIPES } from "../../sandbox/images/catalogue";
import { describeReal } from "../sandbox/support/requirements";

/** A suite under the real engine that also needs images of the stack; skipped, and loudly, where one is not there. */
export function describeWithImages(name: string, images: (keyof typeof lock)[], suite: () => void): void {
  const missing = images.map(key => lock[key]).filter(image => !isThere(image));
  if (missing.length === 0) {
    return describeReal(name, () => {
      // What another state of this checkout made holds another program.
      beforeAll(async () => {
        const wanted = images.map(key => lock[key]);
        const made = RECIPES.filter(({ tag }) => wanted.includes(tag) && labelOf(tag, SANDBOX_LABEL) === "true");
        await buildImages(
          made.map(recipe => recipe.name),
          () => undefined,
        );
        await provideOwnImages(wanted, () => undefined);
      }, 900_000);
      suite();
    });
  }
  const reason = `no image ${missing.join(", ")}; \`make up\` makes or pulls them`;
  console.warn(`SKIPPED: ${name}: ${reason}`);
  describe.skip(`${name} (SKIPPED: ${reason})`, suite);
}

function labelOf(image: string, label: string): string | undefined {
  try {
    return execFileSync("docker", ["image", "inspect", "--format", `{{index .Config.Labels "${label}"}}`, image], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return undefined;
  }
}

const isThere = (image: string) => labelOf(image, SANDBOX_LABEL) !== undefined;
