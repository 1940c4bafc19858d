import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import lock from "../images.lock.json";
import { hashOf } from "./content-hash";
import { CommandFailure } from "./exit";
import { digestOf } from "./image-reference";
import { checkout } from "./workspace";

/** Hash of the sources that an image was built from; an image without it was loaded by a person, who knows better. */
export const SOURCE_LABEL = "dev.ultrathink.source";
/** How much of a failed build's output the error repeats, in characters. */
const TAIL = 2000;

/** Keys of images.lock.json whose images are built from a folder of the checkout, by that folder. */
const own = { workloads: "workloads", backups: "backup" } as const;

/** Whether an entry of images.lock.json is built from the checkout: until it has a digest, which only a registry gives. */
export const isBuiltHere = (key: string, reference: string): boolean => Object.values<string>(own).includes(key) && digestOf(reference) === "";

/**
 * Builds the project's own images among these, where one is missing or was built here from other sources. One that the lock names by a digest lies in a
 * registry, and is pulled like any other.
 *
 * @throws CommandFailure `prerequisites` with the build's last lines
 */
export async function provideOwnImages(images: string[], log: (line: string) => void): Promise<void> {
  for (const [folder, key] of Object.entries(own)) {
    const tag = lock[key];
    if (isBuiltHere(key, tag) && images.includes(tag)) await provide(folder, tag, log);
  }
}

async function provide(folder: string, tag: string, log: (line: string) => void): Promise<void> {
  const source = await hashOf(checkout, [folder]);
  const built = await labelOf(tag);
  if (built === source || built === "") return;
  log(`Building ${tag} from ${folder}/ (some minutes the first time)`);
  const child = spawn("docker", ["build", `--label=${SOURCE_LABEL}=${source}`, "-t", tag, join(checkout, folder)], {
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-TAIL)));
  const end = await new Promise<string>(resolve =>
    child.on("error", ({ message }) => resolve(message)).on("close", code => resolve(code === 0 ? "" : `docker build ended with ${code}`)),
  );
  if (end) {
    throw new CommandFailure(
      "prerequisites",
      `${tag} cannot be built from ${folder}/: ${end}\n${output.trim()}\nMend the cause and run the same command again, or name images of your own (README.md, Your own images).`,
    );
  }
}

/** Docker's client without its advertisements, which would push the cause of a failure out of sight. */
const environment = () => ({ ...process.env, DOCKER_CLI_HINTS: "false" });

/** The source label of a local image, empty where it has none, or undefined where there is no such image. */
async function labelOf(tag: string): Promise<string | undefined> {
  const format = `{{index .Config.Labels "${SOURCE_LABEL}"}}`;
  return promisify(execFile)("docker", ["image", "inspect", "--format", format, tag], { env: environment() }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}
