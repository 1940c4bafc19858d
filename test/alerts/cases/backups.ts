import { ladder, type AlertCase, type Fired, type Series } from "../case";

const both: Fired["severity"][] = ["warning", "critical"];
const NIGHTLY = 26 * 60;
const DAY = 24 * 60;

const sidecar = (metric: string, backup?: string) => `${metric}{system="ultrathink",service="backup"${backup ? `,backup="${backup}"` : ""}}`;
const database = (metric: string, labels = "") => `${metric}{system="ultrathink",service="timescaledb"${labels}}`;

/** A moment that stays so many minutes in the past. */
const past = (minutes: number) => `${-minutes * 60}+60x60`;
const succeeded = (backup: string, minutes: number): Series => ({ [sidecar("backup_last_success_timestamp_seconds", backup)]: past(minutes) });
const firstSucceeded = (backup: string, minutes: number): Series => ({ [sidecar("backup_first_success_timestamp_seconds", backup)]: past(minutes) });
const planned = (backup: string, maxAge: number): Series => ({ [sidecar("backup_max_age_seconds", backup)]: `${maxAge}x2000` });

/** What the exporter says of a server; `written`: rows in each minute. */
const archiver = (
  age: string,
  { archived = "5x2000", failed = "0x2000", written = 10 }: { archived?: string; failed?: string; written?: number } = {},
): Series => ({
  [database("pg_stat_archiver_last_archive_age")]: age,
  [database("pg_stat_archiver_archived_count")]: archived,
  [database("pg_stat_archiver_failed_count")]: failed,
  [database("pg_stat_database_tup_inserted", ',datname="ultrathink_experiments"')]: `7+${written}x2000`,
  [database("pg_stat_database_tup_updated", ',datname="ultrathink_experiments"')]: "3x2000",
  [database("pg_stat_database_tup_deleted", ',datname="mlflow_tracking"')]: "0x2000",
});
/** Nothing archived yet: the exporter says NaN, which the rule leaves out; promtool's notation has only a missing sample. */
const never = (rest: Parameters<typeof archiver>[1] = {}) => archiver("_x2000", { archived: "0x2000", failed: "0+3x2000", ...rest });
const behind = (severities: Fired["severity"][]): Fired[] => severities.map(severity => ({ severity, service: "timescaledb" }));

export const backups: AlertCase[] = [
  ...ladder("BackupTooOld", {
    series: minutes => ({ ...succeeded("timescaledb-dump", minutes), ...succeeded("timescaledb", 60), ...planned("timescaledb-dump", 93_600) }),
    labels: { service: "backup", backup: "timescaledb-dump" },
    steps: [
      [60, []],
      [NIGHTLY - 1, []],
      [NIGHTLY, []],
      [NIGHTLY + 1, ["warning"]],
      [2 * NIGHTLY, ["warning"]],
      [2 * NIGHTLY + 1, both],
    ],
    waits: [
      ["9m", []],
      ["11m", both],
    ],
    text: {
      step: 2 * NIGHTLY,
      severity: "warning",
      summary: "Backup timescaledb-dump is at 200% of its allowed age",
      description:
        "The newest complete backup timescaledb-dump has 200% of the age that its schedule allows; what was written since is in no backup of that kind. Fires at > 100%.",
    },
  }),
  ...ladder("BackupTooOld", {
    series: minutes => succeeded("redis-queue", minutes),
    labels: { service: "backup", backup: "redis-queue" },
    steps: [
      [14, []],
      [15, []],
      [16, ["warning"]],
      [30, ["warning"]],
      [31, both],
    ],
    waits: [["9m", []]],
    text: {
      step: 30,
      severity: "warning",
      summary: "Backup redis-queue is at 200% of its allowed age",
      description:
        "The newest complete backup redis-queue has 200% of the age that its schedule allows; what was written since is in no backup of that kind. Fires at > 100%.",
    },
  }),
  ...(
    [
      ["redis-queue", 900, "14m", []],
      ["redis-queue", 900, "27m", ["warning"]],
      ["redis-queue", 900, "43m", both],
      ["kafka", 93_600, "43m", []],
      ["kafka", 93_600, "28h", ["warning"]],
    ] as const
  ).map(([backup, maxAge, at, fires]): AlertCase => ({
    alert: "BackupTooOld",
    says: `${backup} planned for ${at}, and never made`,
    series: planned(backup, maxAge),
    at,
    fires: fires.map(severity => ({ severity, service: "backup", backup })),
  })),
  {
    alert: "BackupTooOld",
    says: "a stack that comes back after a week and makes its backups",
    series: { [sidecar("backup_last_success_timestamp_seconds", "models")]: `${-7 * 86_400}x8 540x60`, ...planned("models", 93_600) },
    at: "12m",
    fires: [],
  },
  ...ladder("BackupFailed", {
    series: failed => ({
      [sidecar("backup_last_run_failed", "mlflow-artifacts")]: `${failed}x60`,
      [sidecar("backup_last_run_failed", "timescaledb")]: "0x60",
    }),
    labels: { service: "backup", backup: "mlflow-artifacts" },
    steps: [
      [0, []],
      [1, ["warning"]],
    ],
    waits: [
      ["9m", []],
      ["11m", ["warning"]],
    ],
    text: {
      step: 1,
      severity: "warning",
      summary: "The last run of backup mlflow-artifacts failed",
      description: "The last run of mlflow-artifacts did not complete and is no backup. The ones before it are as they were.",
    },
  }),
  {
    alert: "BackupFailed",
    says: "a run that fails, and the next that completes five minutes later",
    series: { [sidecar("backup_last_run_failed", "redis-queue")]: "1x4 0x60" },
    at: "15m",
    fires: [],
  },
  ...ladder("WalArchivingBehind", {
    series: minutes => archiver(`${minutes * 60}x60`),
    labels: { service: "timescaledb" },
    steps: [
      [1, []],
      [5, []],
      [6, ["warning"]],
      [15, ["warning"]],
      [16, both],
    ],
    waits: [
      ["2m", []],
      ["4m", both],
    ],
    text: {
      step: 6,
      severity: "warning",
      summary: "WAL of timescaledb has not reached the vault for 6 minutes",
      description:
        "timescaledb has WAL to archive, and for 6 minutes none of it has reached the vault. A loss now loses that much, and WAL fills the disk. Fires at > 5.",
    },
  }),
  { alert: "WalArchivingBehind", says: "a server that nobody writes to", series: archiver("0+60x60", { written: 0 }), at: "59m", fires: [] },
  {
    alert: "WalArchivingBehind",
    says: "nobody writes any more, and what was written cannot be archived",
    series: archiver("600+60x60", { written: 0, failed: "0+3x60" }),
    at: "20m",
    fires: behind(both),
  },
  {
    alert: "WalArchivingBehind",
    says: "a write after an idle hour, archived a minute later",
    series: {
      ...archiver("3600 3660 3720 0+15x60", { written: 0 }),
      [database("pg_stat_database_tup_inserted", ',datname="ultrathink_experiments"')]: "7 7 8x60",
    },
    at: "10m",
    fires: [],
  },
  { alert: "WalArchivingBehind", says: "a fresh server's first minutes", series: never({ failed: "0x60" }), at: "5m", fires: [] },
  { alert: "WalArchivingBehind", says: "never archived, for 9 minutes", series: never(), at: "9m", fires: behind(["warning"]) },
  { alert: "WalArchivingBehind", says: "never archived, for 19 minutes", series: never(), at: "19m", fires: behind(both) },
  { alert: "WalArchivingBehind", says: "never archived, for 3 hours", series: never(), at: "3h", fires: behind(both) },
  ...ladder("RestoreTestTooOld", {
    series: minutes => ({ [sidecar("restore_test_last_success_timestamp_seconds")]: past(minutes), ...firstSucceeded("timescaledb", 300 * DAY) }),
    labels: { service: "backup" },
    steps: [
      [7 * DAY, []],
      [8 * DAY, []],
      [8 * DAY + 1, ["warning"]],
      [9 * DAY, ["warning"]],
    ],
    waits: [
      ["9m", []],
      ["11m", ["warning"]],
    ],
    text: {
      step: 9 * DAY,
      severity: "warning",
      summary: "No restore has been tested for 9 days",
      description: "For 9 days no backup has been restored and compared. Whether the backups can be used is not known. Fires at > 8.",
    },
  }),
  {
    alert: "RestoreTestTooOld",
    says: "never tested, first backup 8 days ago",
    series: { ...firstSucceeded("timescaledb", 8 * DAY), ...firstSucceeded("redis-queue", DAY) },
    at: "20m",
    fires: [],
  },
  {
    alert: "RestoreTestTooOld",
    says: "never tested, first backup 9 days ago",
    series: { ...firstSucceeded("timescaledb", 9 * DAY), ...firstSucceeded("redis-queue", DAY) },
    at: "20m",
    fires: [{ severity: "warning", service: "backup" }],
  },
  ...ladder("RestoreTestFailed", {
    series: failed => ({ [sidecar("restore_test_last_run_failed")]: `${failed}x60` }),
    labels: { service: "backup" },
    steps: [
      [0, []],
      [1, ["critical"]],
    ],
    waits: [
      ["4m", []],
      ["6m", ["critical"]],
    ],
    text: {
      step: 1,
      severity: "critical",
      summary: "The last restore test failed",
      description: "The newest backups could not be restored, or what came out is not what was backed up.",
    },
  }),
  ...ladder("GameDayOverdue", {
    series: minutes => ({ [sidecar("game_day_last_success_timestamp_seconds")]: past(minutes), ...firstSucceeded("timescaledb", 300 * DAY) }),
    labels: { service: "backup" },
    steps: [
      [1 * DAY, []],
      [31 * DAY, []],
      [31 * DAY + 1, ["warning"]],
      [32 * DAY, ["warning"]],
    ],
    waits: [
      ["9m", []],
      ["11m", ["warning"]],
    ],
    text: {
      step: 32 * DAY,
      severity: "warning",
      summary: "The last game-day was 32 days ago",
      description: "For 32 days nobody has destroyed the stack and rebuilt it from its backups. The time that it takes is not known. Fires at > 31.",
    },
  }),
  { alert: "GameDayOverdue", says: "never, first backup 31 days ago", series: firstSucceeded("timescaledb-dump", 31 * DAY), at: "20m", fires: [] },
  {
    alert: "GameDayOverdue",
    says: "never, first backup 32 days ago",
    series: firstSucceeded("timescaledb-dump", 32 * DAY),
    at: "20m",
    fires: [{ severity: "warning", service: "backup" }],
  },
  ...["BackupTooOld", "BackupFailed", "WalArchivingBehind", "RestoreTestTooOld", "RestoreTestFailed", "GameDayOverdue"].map((alert): AlertCase => ({
    alert,
    says: "a fresh stack after its first backups",
    series: {
      ...planned("timescaledb", 93_600),
      ...planned("redis-queue", 900),
      [sidecar("backup_last_run_failed", "timescaledb")]: "0x2000",
      [sidecar("backup_last_success_timestamp_seconds", "timescaledb")]: "_x3 180x60",
      [sidecar("backup_first_success_timestamp_seconds", "timescaledb")]: "_x3 180x60",
      [sidecar("backup_last_success_timestamp_seconds", "redis-queue")]: "_x2 120x5 420x5 720x5 1020x5 1320x5",
      [sidecar("restore_test_last_run_failed")]: "0x2000",
      ...archiver("_x3 0x60", { archived: "0x3 1+1x60", failed: "0 3 6 6x60" }),
    },
    at: "24m",
    fires: [],
  })),
];
