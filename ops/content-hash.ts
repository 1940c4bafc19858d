import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** Left by tools in a folder of sources; never part of what is built from it. */
const IGNORED = new Set(["__pycache__", ".pytest_cache", ".ruff_cache", ".venv", "node_modules", "tests"]);

/** Files under a path, or the path itself when it is a file; sorted, so that the order on disk does not matter. */
export async function filesOf(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = (await readdir(path, { withFileTypes: true })).filter(({ name }) => !IGNORED.has(name));
  const nested = await Promise.all(entries.map(({ name }) => filesOf(join(path, name))));
  return nested.flat().sort();
}

/** Names of {@link IGNORED} as options of tar. */
export const TAR_EXCLUDES = [...IGNORED].map(name => `--exclude=${name}`);

/**
 * A short hash over files and texts.
 *
 * @param root paths are hashed relative to it, so that a checkout elsewhere gives the same hash
 */
export async function hashOf(root: string, paths: string[], ...texts: string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of await filesOf(join(root, path))) {
      hash.update(`${file.slice(root.length)}\0${(await stat(file)).mode & 0o111}\0`).update(await readFile(file));
    }
  }
  for (const text of texts) hash.update(`\0${text}`);
  return hash.digest("hex").slice(0, 16);
}
