import type Docker from "dockerode";
import { containerOf } from "../../backups/face";
import { execIn } from "../../exec";
import type { StackPlan } from "../../project";

/** Runs commands in a stack's containers, as the runbook's `docker exec` lines do. */
export class Shell {
  constructor(
    readonly docker: Docker,
    private readonly plan: StackPlan,
  ) {}

  container(service: string): string {
    return containerOf(this.plan, service);
  }

  /** @throws an Error with what it wrote when it does not end with 0 */
  async in(service: string, command: string[], input: string | AsyncIterable<string> = ""): Promise<string> {
    const { code, stdout, stderr } = await execIn(this.docker, this.container(service), command, { input });
    if (code !== 0) throw new Error(`${command[0]} in ${this.container(service)} ended with ${code}: ${(stderr || stdout).slice(-1000)}`);
    return stdout;
  }
}
