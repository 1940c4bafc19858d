import { join, resolve } from "node:path";

export const root = resolve(__dirname, "../../..");

/** Where the end-to-end run keeps its own files; ignored by git, apart from any stack's state. */
export const workFolder = join(root, ".state", "e2e");
/** Folder of commands that stand before the machine's own on PATH: `docker-compose`, where it is made here. */
export const binFolder = join(workFolder, "bin");
/** Docker's client configuration with the Compose plugin, where it is made here. */
export const dockerConfig = join(workFolder, "docker");

/** Environment of every command of the run. */
export function environment(): NodeJS.ProcessEnv {
  const ours = process.env.ULTRATHINK_E2E_COMPOSE === "made" ? { DOCKER_CONFIG: dockerConfig } : {};
  return { ...process.env, ...ours, PATH: `${binFolder}:${process.env.PATH}`, STACK: "dev", TERM: process.env.TERM ?? "xterm", NO_COLOR: "1" };
}
