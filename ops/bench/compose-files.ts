import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ComposeProject } from "../project";

/**
 * Runs `use` with a Compose project on disk, which is gone afterwards. Its files hold secrets, so nobody else can enter their folder.
 *
 * @param parent folder that the project's own is made in
 * @param use gets the path of compose.yaml
 */
export async function withComposeFiles<T>(parent: string, project: ComposeProject, use: (file: string) => Promise<T>): Promise<T> {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "compose-"));
  try {
    const file = join(folder, "compose.yaml");
    writeFileSync(file, project.file, { mode: 0o600 });
    for (const mounted of project.files) {
      const path = join(folder, mounted.path);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, mounted.content, { mode: 0o600 });
      if (process.getuid?.() === 0) {
        // A folder can hand its group on to what is made in it.
        chownSync(path, 0, 0);
        chmodSync(path, mounted.mode);
      } else {
        // Only root gives files away: the container's user reads it as anybody, and the folder keeps anybody of the host out.
        chmodSync(path, mounted.mode | 0o444);
      }
    }
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
