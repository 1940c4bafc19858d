import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { need } from "./prerequisites";
import { run, type Log } from "./run";

/** Suite of all images; its PostgreSQL, Redis and Python are the ones that the stack's versions come closest to. */
const SUITE = "trixie";

/** Packages of the base image, one a line, `#` starts a comment. */
async function packages(): Promise<string[]> {
  const text = await readFile(join(__dirname, "debian", "packages.txt"), "utf8");
  return text
    .split("\n")
    .map(line => line.replace(/#.*/, "").trim())
    .filter(Boolean);
}

/** In force for every layer on the image: no documentation, no downloaded packages. The latter by a hook: mmdebstrap itself needs them. */
const LEAN = [
  ...["doc", "locale"].map(folder => `--dpkgopt=path-exclude=/usr/share/${folder}/*`),
  '--customize-hook=echo \'APT::Keep-Downloaded-Packages "false"; Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";\' > "$1/etc/apt/apt.conf.d/99lean"; rm "$1"/var/cache/apt/*.bin',
];

/** Imports a minimal Debian as an image: the only one that starts from nothing. */
export async function importDebian(tag: string, labels: Record<string, string>, log: Log): Promise<void> {
  await need("mmdebstrap", log);
  const args = ["--quiet", "--variant=minbase", ...LEAN, `--include=${(await packages()).join(",")}`, SUITE, "-"];
  const bootstrap = spawn("mmdebstrap", args, { stdio: ["ignore", "pipe", "pipe"] });
  let complaints = "";
  bootstrap.stderr.on("data", (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-2_000)));
  const ended = new Promise<void>((resolve, reject) =>
    bootstrap
      .on("error", reject)
      .on("close", code => (code === 0 ? resolve() : reject(new Error(`mmdebstrap ended with ${code}:\n${complaints.trim()}`)))),
  );
  const changes = Object.entries(labels).flatMap(([name, value]) => ["--change", `LABEL ${name}=${value}`]);
  // Both are awaited together: half a tree that was imported must not pass when mmdebstrap failed.
  await Promise.all([ended, run("docker", ["import", ...changes, "-", `${tag}-unfinished`], { input: bootstrap.stdout })]);
  await run("docker", ["tag", `${tag}-unfinished`, tag]);
  await run("docker", ["rmi", `${tag}-unfinished`]);
}
