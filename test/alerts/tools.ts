import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

type Tool = "promtool" | "amtool" | "prometheus";

/** The tool of the release that is deployed: named in a variable such as PROMTOOL, or in the cache of built programs, or on PATH. */
export function find(name: Tool): string {
  const named = process.env[name.toUpperCase()];
  if (named) return named;
  const cache = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "ultrathink", "images");
  const built = (existsSync(cache) ? readdirSync(cache) : []).map(entry => join(cache, entry, "artifacts", name)).filter(path => existsSync(path));
  return built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0] ?? name;
}

/** Runs a tool to its end. A missing tool fails the test; nothing is skipped. */
export function run(name: Tool, args: string[]): { code: number | null; output: string } {
  const { status, stdout, stderr, error } = spawnSync(find(name), args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (error)
    throw new Error(`${name} cannot be run (${error.message}); install it in the release of images.lock.json, or name it in ${name.toUpperCase()}`);
  return { code: status, output: `${stdout}${stderr}` };
}
