import { type Context } from "../context";
import { execIn } from "../exec";
import { CommandFailure } from "../exit";
import type { StackPlan } from "../project";
import { sidecarOf } from "./face";
import { type JobResult, type KeptBackup, answers, failOnExit, jobResults, keptBackups, lastWords } from "./program";

/** The stack's own backup container, which holds the writer's keys to the vault. */
export class Sidecar {
  private readonly container: string;

  constructor(
    private readonly context: Pick<Context, "docker" | "logger">,
    plan: StackPlan,
  ) {
    this.container = sidecarOf(plan).container;
  }

  /** @throws CommandFailure `failed` that says what to do when it does not run */
  async require(): Promise<void> {
    const info = await this.context.docker
      .getContainer(this.container)
      .inspect()
      .catch((error: { statusCode?: number }) => {
        if (error.statusCode === 404) return undefined;
        throw error as Error;
      });
    if (info?.State.Running) return;
    throw new CommandFailure(
      "failed",
      `${this.container} ${info ? `is ${info.State.Status}` : "is not there"}, and it makes the backups; \`bin/ops up\` brings it up`,
    );
  }

  /** Makes backups now, one after the other; what went wrong is in the results. */
  async run(jobs: string[], note: (line: string) => void): Promise<JobResult[]> {
    const { code, stdout, stderr } = await execIn(this.context.docker, this.container, ["backup", "run", ...jobs], { err: note });
    const results = answers("backup run", jobResults, stdout.split("\n"));
    // Without a single result it never got as far as a job.
    if (code !== 0 && results.length === 0) failOnExit("backup run", code, lastWords(stderr.split("\n")));
    return results;
  }

  async list(job: string): Promise<KeptBackup[]> {
    return answers("backup list", keptBackups, await this.ask(["list", job]));
  }

  /** Reads everything of a backup against its manifest. @throws CommandFailure `refused` that names the file and why */
  async verify(job: string): Promise<void> {
    await this.ask(["verify", job]);
  }

  /** Stores a report in the vault, where the metrics find it. */
  async record(kind: "game-day", report: string): Promise<void> {
    await this.ask(["record", kind, "--file", "/dev/stdin"], report);
  }

  /** Restores a portable dump into a new database of the running server. */
  async restoreDump(database: string, id: string | undefined): Promise<string[]> {
    return this.ask(["restore-dump", "--database", database, ...(id ? ["--id", id] : [])]);
  }

  /** Restores the artifacts into another bucket of the running object store. */
  async restoreArtifacts(store: { endpoint: string; caFile: string; credentialsFile: string }, bucket: string, id: string | undefined) {
    const to = ["--endpoint", store.endpoint, "--ca", store.caFile, "--credentials", store.credentialsFile, "--bucket", bucket];
    return this.ask(["restore-artifacts", ...to, ...(id ? ["--id", id] : [])]);
  }

  private async ask(command: string[], input = ""): Promise<string[]> {
    const { code, stdout, stderr } = await execIn(this.context.docker, this.container, ["backup", ...command], { input });
    failOnExit(`backup ${command.slice(0, 2).join(" ")}`, code, lastWords(stderr.split("\n")));
    return stdout.split("\n");
  }
}
