import { execFileSync } from "node:child_process";
import { isBuilt, locateEngine } from "../../../sandbox/engine/build";

/** Why the real engine cannot run here, or undefined where it can. */
function missing(): string | undefined {
  if (!isBuilt(locateEngine()))
    return "the sandbox's Pulumi engine is not built: run `make up` or `npx tsx -e 'require(\"./sandbox/engine/build\").buildEngine(console.error)'`";
  try {
    execFileSync("docker", ["version", "--format", "{{.Server.Version}}"], { stdio: "pipe" });
  } catch {
    return "no Docker daemon answers";
  }
  return undefined;
}

/** A suite that runs the real engine against the real Docker daemon; skipped, and loudly, where one of them is missing. */
export function describeReal(name: string, suite: () => void): void {
  const reason = missing();
  if (!reason) return describe(name, suite);
  console.warn(`SKIPPED: ${name}: ${reason}`);
  describe.skip(`${name} (SKIPPED: ${reason})`, suite);
}
