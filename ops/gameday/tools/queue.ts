import { createHash } from "node:crypto";
import { recoveryOf } from "../../backups/face";
import type { StackPlan } from "../../project";
import { services } from ".";
import type { Shell } from "./shell";

/** Celery's broker. */
export class Queue {
  private readonly redis: string;

  constructor(
    private readonly shell: Shell,
    plan: StackPlan,
    private readonly mark: string,
  ) {
    this.redis = recoveryOf(plan).backups.redis?.service ?? "";
  }

  get service(): string {
    return this.redis;
  }

  /** Queues jobs, through Celery's own client, where no worker takes them. */
  async enqueue(count: number): Promise<void> {
    const code = `from tasks import app\nwith app.producer_pool.acquire() as producer:\n    for number in range(${count}): app.send_task("tasks.train", kwargs={"learning_rate": number / 1e6}, queue="${this.mark}", producer=producer)\n`;
    await this.shell.in(services.worker, ["python3", "-"], code);
  }

  /** How many jobs wait, and a digest of all of them in their order. */
  async waiting(): Promise<string> {
    const jobs = await this.cli("--raw", "lrange", this.mark, "0", "-1");
    const count = jobs === "" ? 0 : jobs.split("\n").length;
    return `${count} jobs, sha256 ${createHash("sha256").update(jobs).digest("hex").slice(0, 16)}`;
  }

  /** Whether the append-only file is on, and how many keys there are. */
  async persistence(): Promise<string> {
    const info = await this.cli("info", "persistence");
    return /^aof_enabled:1/m.test(info) ? "append-only file on" : "append-only file off";
  }

  async clear(): Promise<void> {
    await this.cli("del", this.mark, `_kombu.binding.${this.mark}`);
  }

  private cli(...words: string[]): Promise<string> {
    return this.shell.in(this.redis, ["redis-cli", ...words]);
  }
}
