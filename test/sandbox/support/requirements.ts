import { execFileSync } from "node:child_process";
import { isBuilt, locateEngine } from "../../../sandbox/engine/build";

/** Asks the daemon, not the client alone. */
export const DOCKER_DAEMON = ["docker", "version", "--format", "{{.Server.Version}}"] as const;

/** Whether a command is here and ends well. */
export function answers([command, ...args]: readonly [string, ...string[]]): boolean {
  try {
    execFileSync(command, args, { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}

/** A suite that is skipped, and loudly, where there is a reason for it. */
export function describeUnless(reason: string | undefined, name: string, suite: () => void): void {
  if (!reason) return describe(name, suite);
  // Past jest, which shows nothing of a file whose suites are all skipped.
  process.stderr.write(`SKIPPED: ${name}: ${reason}\n`);
  describe.skip(`${name} (SKIPPED: ${reason})`, suite);
}

/** Why the real engine cannot run here, or undefined where it can. */
function missing(): string | undefined {
  if (!isBuilt(locateEngine()))
    return "the sandbox's Pulumi engine is not built: run `make up` or `npx tsx -e 'require(\"./sandbox/engine/build\").buildEngine(console.error)'`";
  return answers(DOCKER_DAEMON) ? undefined : "no Docker daemon answers";
}

/** A suite that runs the real engine against the real Docker daemon; skipped, and loudly, where one of them is missing. */
export const describeReal = (name: string, suite: () => void): void => describeUnless(missing(), name, suite);
