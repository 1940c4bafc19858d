import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { hashOf } from "./content-hash";
import { CommandFailure } from "./exit";
import { checkout } from "./workspace";

/** Hash of the sources that an image was built from; an image without it was loaded by a person, who knows better. */
export const SOURCE_LABEL = "dev.ultrathink.source";
/** How much of a failed build's output the error repeats, in characters. */
const TAIL = 2000;

/**
 * Builds the reference workload's image from `workloads/`, which no registry has: where it is missing, or was built here from other sources.
 *
 * @throws CommandFailure `prerequisites` with the build's last lines
 */
export async function provideWorkloadImage(tag: string, log: (line: string) => void): Promise<void> {
  const source = await hashOf(checkout, ["workloads"]);
  const built = await labelOf(tag);
  if (built === source || built === "") return;
  log(`Building ${tag} from workloads/ (some minutes the first time)`);
  const child = spawn("docker", ["build", `--label=${SOURCE_LABEL}=${source}`, "-t", tag, join(checkout, "workloads")], {
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
      `${tag} cannot be built from workloads/: ${end}\n${output.trim()}\nMend the cause and run the same command again, or name images of your own (README.md, Your own images).`,
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
