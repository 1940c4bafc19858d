import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An image of one static busybox, as small as an image can be: for tests only. */
export const IMAGE = "t-sandbox-busybox:1";

/** Arguments of a container of it that does nothing, with all that the plugin would otherwise see as changed. */
export const IDLE = { image: IMAGE, command: ["sleep", "1000"], init: true, memory: 16, memorySwap: 16, logDriver: "json-file" };

const tools = ["sh", "sleep", "cat", "true", "wget", "httpd", "test", "stat", "id"];

/** Makes {@link IMAGE} from Debian's busybox-static package where the daemon does not have it. */
export function makeImage(): void {
  try {
    execFileSync("docker", ["image", "inspect", IMAGE], { stdio: "ignore" });
    return;
  } catch {
    // Not there yet.
  }
  const folder = mkdtempSync(join(tmpdir(), "t-sandbox-image-"));
  try {
    chmodSync(folder, 0o755);
    execFileSync("apt-get", ["download", "busybox-static"], { cwd: folder, stdio: "pipe" });
    const [deb] = readdirSync(folder);
    execFileSync("dpkg-deb", ["-x", deb!, "package"], { cwd: folder });
    const root = join(folder, "root");
    for (const path of ["bin", "tmp", "data"]) mkdirSync(join(root, path), { recursive: true });
    chmodSync(join(root, "tmp"), 0o1777);
    copyFileSync(join(folder, "package/bin/busybox"), join(root, "bin/busybox"));
    for (const tool of tools) symlinkSync("busybox", join(root, "bin", tool));
    const tar = execFileSync("tar", ["-C", root, "-c", "."], { maxBuffer: 64 * 1024 * 1024 });
    execFileSync("docker", ["import", "--change", "LABEL dev.ultrathink.sandbox=true", "-", IMAGE], {
      input: tar,
      stdio: ["pipe", "pipe", "inherit"],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
