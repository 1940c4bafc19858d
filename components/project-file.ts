import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Text of a file of this project, by its path from the top. Stacks run in a work folder of their own, so the current directory does not say where that is. */
export function projectFile(path: string): string {
  return readFileSync(join(__dirname, "..", path), "utf8");
}
