import { recoveryOf } from "../../backups/face";
import { startIn } from "../../exec";
import type { StackPlan } from "../../project";
import { none } from "../finding";
import { until } from "../until";
import type { Shell } from "./shell";

/** Rows of every compared table up to a moment, as one line of count and digest each. */
export interface Snapshot {
  cutoff: string;
  tables: Record<string, string>;
}

/** A write that the server has acknowledged. */
export interface Write {
  number: number;
  /** Seconds since 1970, by the server's clock. */
  time: number;
}

/** Writes going on until they are stopped or the server is gone. */
export interface Writer {
  last(): Write | undefined;
  stop(): Promise<void>;
}

/** Rows of one ballast statement; small enough to be a transaction that a checkpoint can follow. */
const BATCH_ROWS = 250_000;
/** Seconds between "now" and the newest row of a snapshot: rows are written a moment after the time that they carry. */
const LATE_SECONDS = 30;
/** Pause between two acknowledged writes. */
const BEAT_MS = 100;

export class Database {
  private readonly declared;
  private readonly psql: string[];

  constructor(
    private readonly shell: Shell,
    plan: StackPlan,
    private readonly mark: string,
  ) {
    this.declared = recoveryOf(plan).backups.database;
    this.psql = ["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-U", this.declared.user];
  }

  get service(): string {
    return this.declared.service;
  }

  /** A statement's answer, unaligned, rows only, over the container's socket. */
  async sql(statement: string, database = this.declared.database): Promise<string> {
    return (await this.shell.in(this.service, [...this.psql, "-d", database], statement)).trim();
  }

  async now(): Promise<string> {
    return this.sql("SELECT now() AT TIME ZONE 'UTC' || 'Z'");
  }

  /** Known rows under this run's mark, spread over the last hour. */
  async seed(rows: number): Promise<void> {
    await this.insert(this.mark, rows, "1 hour");
  }

  seeded(): Promise<string> {
    return this.sql(`SELECT count(*) || ' ' || coalesce(sum(value::numeric), 0) FROM metrics WHERE experiment_id = '${this.mark}'`);
  }

  /**
   * Fills `metrics` with rows of the last 30 days until the database is that large. They stay, as ballast for the next run, until their retention ends.
   *
   * @returns bytes that the database then has
   */
  async grow(bytes: number, say: (text: string) => void): Promise<number> {
    for (let size = await this.size(); ; size = await this.size()) {
      if (size >= bytes) return size;
      say(`the database has ${Math.round(size / 1024 ** 2)} MiB of ${Math.round(bytes / 1024 ** 2)}`);
      await this.insert("game-day-ballast", BATCH_ROWS, "30 days");
    }
  }

  private async size(): Promise<number> {
    return Number(await this.sql("SELECT pg_database_size(current_database())"));
  }

  private async insert(experiment: string, rows: number, span: string): Promise<void> {
    await this.sql(
      `INSERT INTO metrics ("timestamp", experiment_id, metric_name, value) ` +
        // In order of time, so that every chunk and its indexes are filled in one go.
        `SELECT now() - interval '5 minutes' - i * interval '${span}' / ${rows}, '${experiment}', 'loss:' || i % 50, random() * 1000 FROM generate_series(1, ${rows}) AS i`,
    );
  }

  /** Digests of every table that a backup is compared by, up to a moment that is the same before and after. */
  async snapshot(cutoff?: string): Promise<Snapshot> {
    const moment = cutoff ?? (await this.sql(`SELECT (now() - interval '${LATE_SECONDS} seconds') AT TIME ZONE 'UTC' || 'Z'`));
    const tables: Record<string, string> = {};
    for (const { database, table, time } of this.declared.tables) {
      if (!time) continue;
      tables[`${database}.${table}`] = await this.sql(
        `SET timezone = 'UTC'; SELECT count(*) || ' rows, digest ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM ${table} AS t WHERE "${time}" <= '${moment}'`,
        database,
      );
    }
    return { cutoff: moment, tables };
  }

  /** The WAL segment that is being written, with everything committed so far in it or before it. */
  async currentWal(): Promise<string> {
    return this.sql("SELECT pg_walfile_name(pg_current_wal_insert_lsn())");
  }

  /** Ends the WAL segment with everything written so far, so that it is to be archived; its name. */
  async switchWal(): Promise<string> {
    return this.sql("SELECT pg_walfile_name(pg_switch_wal())");
  }

  /** Whether a segment, and so all before it, is in the archive. Its first eight characters are the timeline. */
  async archivedUpTo(wal: string): Promise<boolean> {
    return (await this.sql("SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver")).slice(8) >= wal.slice(8);
  }

  /** Segments that wait for the archive. */
  async waitingWal(): Promise<number> {
    return Number(await this.sql("SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'"));
  }

  /** Rows of the tables that are only counted: they are changed while they are looked at. */
  async counts(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { database, table } of this.declared.tables.filter(({ time }) => !time))
      counts[`${database}.${table}`] = Number(await this.sql(`SELECT count(*) FROM ${table}`, database));
    return counts;
  }

  /** Sends everything written so far to the archive, and waits until it is there. */
  async archived(seconds = 120): Promise<string> {
    const wal = await this.switchWal();
    const { held } = await until(seconds, async () => none((await this.archivedUpTo(wal)) ? [] : [wal]));
    if (!held) throw new Error(`WAL ${wal} was not archived within ${seconds} s`);
    return wal;
  }

  /** Begins a numbered row about every 100 ms, each after the one before was acknowledged. */
  async startWriting(): Promise<Writer> {
    const beat = `${this.mark}:beat`;
    let last: Write | undefined;
    let heard: (() => void) | undefined;
    const running = await startIn(this.shell.docker, this.shell.container(this.service), [...this.psql, "-d", this.declared.database], {
      out: line => {
        const [number, time] = line.split("|").map(Number);
        if (number && time) last = { number, time };
        heard?.();
      },
      err: () => undefined,
    });
    let over = false;
    const gone = running.ended.then(() => void (over = true));
    const loop = (async () => {
      for (let number = 1; !over; number++) {
        const answered = new Promise<void>(resolve => (heard = resolve));
        running.input.write(
          `INSERT INTO metrics ("timestamp", experiment_id, metric_name, value) VALUES (clock_timestamp(), '${beat}', 'beat', ${number}) RETURNING value, extract(epoch FROM "timestamp");\n`,
        );
        await Promise.race([answered, gone]);
        await new Promise(resolve => setTimeout(resolve, BEAT_MS));
      }
    })();
    return {
      last: () => last,
      stop: async () => {
        over = true;
        running.input.end();
        await Promise.all([gone, loop]);
      },
    };
  }

  /** What of the numbered rows is there; `whole`: without a hole. */
  async written(): Promise<Write & { whole: boolean }> {
    const [count, number, time] = (
      await this.sql(
        `SELECT count(*), coalesce(max(value), 0), coalesce(extract(epoch FROM max("timestamp")), 0) FROM metrics WHERE experiment_id = '${this.mark}:beat'`,
      )
    )
      .split("|")
      .map(Number);
    return { number: number ?? 0, time: time ?? 0, whole: count === number };
  }

  /** Removes this run's rows; the ballast stays. */
  async clear(): Promise<void> {
    await this.sql(`DELETE FROM metrics WHERE experiment_id IN ('${this.mark}', '${this.mark}:beat')`);
  }
}
