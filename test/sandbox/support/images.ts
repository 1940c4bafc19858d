import { execFileSync } from "node:child_process";
import { tagged } from "../../../ops/image-reference";
import { provideOwnImages } from "../../../ops/own-images";
import { buildImages, SANDBOX_LABEL } from "../../../sandbox/images/build";
import { RECIPES } from "../../../sandbox/images/catalogue";

/** Minutes that images of the stack may take where none was made before, in milliseconds. */
export const MAKING_IMAGES = 30 * 60_000;

/** Makes images of the stack where they are missing, or were made from another state of the checkout. Pulled ones stay. */
export async function makeImages(images: string[]): Promise<void> {
  const recipes = RECIPES.filter(({ tag }) => images.map(tagged).includes(tag) && isToBeMade(tag));
  await buildImages(
    recipes.map(({ name }) => name),
    console.info,
  );
  await provideOwnImages(images, console.info);
}

function isToBeMade(tag: string): boolean {
  try {
    const format = `{{index .Config.Labels "${SANDBOX_LABEL}"}}`;
    const label = execFileSync("docker", ["image", "inspect", "--format", format, tag], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return label.trim() === "true";
  } catch {
    return true;
  }
}
