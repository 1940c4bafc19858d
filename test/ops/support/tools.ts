import type { Tools } from "../../../ops/gameday/tools";
import type { Snapshot } from "../../../ops/gameday/tools/database";
import type { Done } from "../../../ops/restore";
import { ultrathinkPlan } from "./plan";

/**
 * A platform of plain data: what is backed up comes back when it was lost and restored, as on the real one. A test breaks one part of it and sees that
 * the scenario deviates.
 */
export class FakePlatform {
  /** What was done, in order. */
  readonly done: string[] = [];
  rows = 0;
  beats = 0;
  jobs: string[] = [];
  artifacts = new Set<string>();
  messages = 0;
  replicas = 3;
  containers = ["timescaledb", "redis-queue", "object-store", "kafka-2"];
  volumes = ["timescale_data", "redis_queue_data"];
  vaultUp = true;
  damaged = new Set<string>();
  waitingWal = 0;
  /** Backups by job, oldest first: what the platform held. */
  readonly kept = new Map<string, { id: string; held: Held }[]>();
  /** Rows that were there at a moment; the archive knows every moment. */
  private readonly moments = new Map<string, number>();
  private number = 0;
  /** A test's way to break something: called with what is about to be done. */
  breaks: (what: string) => void = () => undefined;

  private does(what: string): void {
    this.done.push(what);
    this.breaks(what);
  }

  private holds(): Held {
    return { rows: this.rows, beats: this.beats, jobs: [...this.jobs], artifacts: new Set(this.artifacts) };
  }

  private back(job: string) {
    this.does(`back up ${job}`);
    if (!this.vaultUp) return { job, id: null, phase: "Failed" as const, seconds: 1, bytes: 0, message: "the vault does not answer" };
    const id = `2026112${++this.number}T000000Z`;
    this.kept.set(job, [...(this.kept.get(job) ?? []), { id, held: this.holds() }]);
    return { job, id, phase: "Completed" as const, seconds: 1, bytes: 1 };
  }

  get tools(): Tools {
    const snapshot = (cutoff = "then"): Promise<Snapshot> => Promise.resolve({ cutoff, tables: { "db.metrics": `${this.rows} rows` } });
    const act = (what: string, work: () => void = () => undefined) => {
      this.does(what);
      work();
      return Promise.resolve();
    };
    const ofService: Record<string, string> = { timescaledb: "timescaledb", "redis-queue": "redis-queue", "object-store": "mlflow-artifacts" };
    const backups = {
      restorable: ["timescaledb", "redis-queue", "mlflow-artifacts"],
      definitions: ["kafka"],
      dump: "timescaledb-dump",
      of: (service: string) => [ofService[service]!],
      // Not over at once: the vault can go in the middle.
      attempt: (job: string) => new Promise(resolve => setImmediate(() => resolve(this.back(job)))),
      one: (job: string) => Promise.resolve(this.back(job)),
      apartFromSchedule: (job: string) => act(`wait for the schedule of ${job}`),
      make: (...jobs: string[]) => Promise.resolve(jobs.map(job => this.back(job).id).join(", ")),
      list: (job: string) => Promise.resolve([...(this.kept.get(job) ?? [])].reverse().map(({ id }) => ({ job, id }))),
      verify: () => act("verify"),
    };
    const lose: Record<string, () => void> = {
      timescaledb: () => ((this.rows = 0), (this.beats = 0)),
      "redis-queue": () => (this.jobs = []),
      "object-store": () => this.artifacts.clear(),
      "kafka-2": () => (this.replicas = 2),
    };
    return {
      plan: ultrathinkPlan(),
      mark: "game-day-1",
      figures: { data: {} },
      say: () => undefined,
      lost: () => 1000,
      database: {
        service: "timescaledb",
        seed: (rows: number) => act("seed", () => ((this.rows += rows), (this.waitingWal += this.vaultUp ? 0 : 1))),
        seeded: () => Promise.resolve(`${this.rows}`),
        grow: (bytes: number) => Promise.resolve(bytes),
        now: () => {
          const moment = "2026-11-24T12:00:00.000Z";
          this.moments.set(moment, this.rows);
          return Promise.resolve(moment);
        },
        snapshot,
        counts: () => Promise.resolve({ "tracking.runs": this.artifacts.size }),
        archived: () => Promise.resolve("000000010000000000000003"),
        currentWal: () => Promise.resolve("000000010000000000000003"),
        switchWal: () => Promise.resolve("000000010000000000000003"),
        archivedUpTo: () => Promise.resolve(this.waitingWal === 0),
        waitingWal: () => Promise.resolve(this.waitingWal),
        startWriting: () => {
          this.does("write");
          return Promise.resolve({
            last: () => ({ number: (this.beats += 1000), time: 100 }),
            stop: () => Promise.resolve(),
          });
        },
        written: () => Promise.resolve({ number: this.beats, time: 95, whole: this.beats % 1000 === 0 }),
        clear: () => act("clear rows", () => (this.rows = 0)),
      },
      kafka: {
        brokers: ["kafka-1", "kafka-2", "kafka-3"],
        produceDecisions: (count: number) => act("produce", () => (this.messages += count)),
        messages: () => Promise.resolve(this.messages),
        stored: () => Promise.resolve(this.messages),
        topics: () => Promise.resolve("trading_decisions 3×3"),
        underReplicated: () => Promise.resolve(this.replicas < 3 ? ["Topic: trading_decisions"] : []),
        clear: () => act("clear decisions"),
      },
      queue: {
        service: "redis-queue",
        enqueue: (count: number) => act("enqueue", () => void this.jobs.push(...Array.from({ length: count }, (_, index) => `job ${index}`))),
        waiting: () => Promise.resolve(`${this.jobs.length} jobs`),
        persistence: () => Promise.resolve("append-only file on"),
        clear: () => act("clear jobs", () => (this.jobs = [])),
      },
      tracking: {
        log: (runs: number) => {
          const made = Array.from({ length: runs }, (_, index) => ({ run: `${index}`, path: `${index}`, sha256: "" }));
          for (const { path } of made) this.artifacts.add(path);
          return Promise.resolve(made);
        },
        missing: (wanted: { path: string }[]) => Promise.resolve(wanted.map(({ path }) => path).filter(path => !this.artifacts.has(path))),
        clear: () => act("clear runs"),
      },
      prometheus: { query: () => Promise.resolve([{ metric: {}, value: 1 }]) },
      containers: {
        all: () => Promise.resolve(this.containers.map(service => ({ service, name: service, job: false, startedAt: new Date(2000) }))),
        networks: () => Promise.resolve([{ id: "1", name: "infrastructure_default" }]),
        volumes: () => Promise.resolve([...this.volumes]),
        loseVolume: (service: string) => {
          this.does(`lose ${service}`);
          lose[service]!();
          return Promise.resolve("");
        },
        loseEverything: () => {
          this.does("lose everything");
          for (const gone of Object.values(lose)) gone();
          return Promise.resolve("");
        },
      },
      backups,
      vault: {
        slow: () => act("slow the vault"),
        kill: () => act("kill the vault", () => (this.vaultUp = false)),
        start: () => act("start the vault", () => ((this.vaultUp = true), (this.waitingWal = 0))),
        flipBit: (_: string, id: string) => {
          this.does(`damage ${id}`);
          this.damaged.add(id);
          return Promise.resolve({ file: id, mend: () => act("mend", () => void this.damaged.delete(id)) });
        },
        uploading: () => Promise.resolve(),
      },
      operations: {
        up: () => act("up", () => (this.replicas = 3)),
        restore: ({ only, to }: { only?: string; to?: Date } = {}) =>
          Promise.resolve(this.restore(only ? [only] : Object.keys(ofService), ofService, to)),
        loseState: () => this.does("lose the state"),
      },
    } as unknown as Tools;
  }

  private restore(services: string[], jobs: Record<string, string>, to: Date | undefined): Done[] {
    this.does(`restore ${services.join(", ")}`);
    return services.map(service => {
      const kept = [...(this.kept.get(jobs[service]!) ?? [])].reverse();
      const usable = kept.find(({ id }) => !this.damaged.has(id));
      if (!usable && !to) throw new Error(`there is no usable backup of ${service}`);
      const { held } = usable ?? { held: this.holds() };
      if (service === "timescaledb") {
        this.rows = to ? this.moments.get(to.toISOString())! : held.rows;
        this.beats = Math.max(1000, held.beats);
      }
      if (service === "redis-queue") this.jobs = [...held.jobs];
      if (service === "object-store") this.artifacts = new Set(held.artifacts);
      const fellBack = kept.filter(({ id }) => this.damaged.has(id)).map(({ id }) => ({ id, file: id, why: "is damaged" }));
      return { choice: {}, restored: { id: usable?.id ?? "", fellBack } } as unknown as Done;
    });
  }
}

interface Held {
  rows: number;
  beats: number;
  jobs: string[];
  artifacts: Set<string>;
}
