import { execFileSync } from "node:child_process";
import lock from "../../images.lock.json";
import { describeReal } from "../sandbox/support/requirements";

/** A suite under the real engine that also needs images of the stack; skipped, and loudly, where one is not there. */
export function describeWithImages(name: string, images: (keyof typeof lock)[], suite: () => void): void {
  const missing = images.map(key => lock[key]).filter(image => !isThere(image));
  if (missing.length === 0) return describeReal(name, suite);
  const reason = `no image ${missing.join(", ")}; \`make up\` makes or pulls them`;
  console.warn(`SKIPPED: ${name}: ${reason}`);
  describe.skip(`${name} (SKIPPED: ${reason})`, suite);
}

function isThere(image: string): boolean {
  try {
    execFileSync("docker", ["image", "inspect", image], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
