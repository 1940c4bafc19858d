import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildTool } from "../../../sandbox/images/build";
import { binFolder, dockerConfig, root } from "./paths";

/** Programs of the runbook's commands and the Debian packages that have them. */
const programs = { jq: "jq", nc: "netcat-openbsd", curl: "curl", watch: "procps", script: "bsdutils" };

const say = (text: string) => process.stderr.write(`${text}\n`);
const has = (program: string) => spawnSync("bash", ["-c", `command -v ${program}`]).status === 0;

function installPrograms(): void {
  const missing = Object.entries(programs).filter(([program]) => !has(program));
  if (missing.length === 0) return;
  const packages = missing.map(([, name]) => name);
  if (process.getuid?.() !== 0 || !has("apt-get")) {
    throw new Error(
      `the runbook's commands need ${missing.map(([program]) => program).join(", ")}; install ${packages.join(", ")} and run this again`,
    );
  }
  say(`Installing ${packages.join(", ")} from Debian's packages: the runbook's commands need them`);
  execFileSync("apt-get", ["update", "-qq"], { stdio: ["ignore", "ignore", "inherit"] });
  execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], { stdio: ["ignore", "ignore", "inherit"] });
}

/** Makes `docker compose` work: the machine's own plugin, else one built from Compose's sources. */
async function provideCompose(): Promise<void> {
  mkdirSync(binFolder, { recursive: true });
  if (spawnSync("docker", ["compose", "version"]).status === 0) return;
  say("Docker's Compose plugin is not installed here: using one that is built from its sources, once");
  const plugin = await buildTool("docker-compose", say);
  const plugins = join(dockerConfig, "cli-plugins");
  mkdirSync(plugins, { recursive: true });
  for (const [folder, name] of [
    [plugins, "docker-compose"],
    [binFolder, "docker-compose"],
  ] as const) {
    const wrapper = join(folder, name);
    writeFileSync(wrapper, `#!/bin/sh\nexec ${plugin} "$@"\n`);
    chmodSync(wrapper, 0o755);
  }
  process.env.ULTRATHINK_E2E_COMPOSE = "made";
}

export default async function setup(): Promise<void> {
  // What the run must leave as it found it.
  process.env.ULTRATHINK_E2E_CHECKOUT = execFileSync("git", ["status", "--porcelain"], { cwd: root, encoding: "utf8" });
  installPrograms();
  await provideCompose();
}
