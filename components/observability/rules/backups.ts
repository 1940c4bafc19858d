import { seconds, type BackupJob } from "../../../systems/declaration";
import { oneOf, rule, thresholdRules, type Family } from "./rule";

const PER_BACKUP = "by (system, service, backup)";
const PER_SERVICE = "by (system, service)";

/** The oldest sample of a selector's series in the last `back` seconds: since when something is expected that may never have come. */
function firstSeen(by: string, selector: string, back: number): string {
  return `min ${by} (min_over_time(timestamp(${selector})[${back}s:${back / 180}s]))`;
}

/** Age of the newest backup of each job as a share of what its row allows. What has never succeeded counts from when it was first planned. */
function ageOfAllowed(jobs: BackupJob[]): string {
  const byAge = new Map<number, string[]>();
  for (const { name, maxAge } of jobs) byAge.set(seconds(maxAge), [...(byAge.get(seconds(maxAge)) ?? []), name]);
  return [...byAge]
    .map(([maxAge, names]) => {
      const of = `{backup=~"${oneOf(names)}"}`;
      // Three times the allowed age: enough to see it pass twice that.
      const planned = firstSeen(PER_BACKUP, `backup_max_age_seconds${of}`, 3 * maxAge);
      return `(time() - (max ${PER_BACKUP} (backup_last_success_timestamp_seconds${of}) or ${planned})) / ${maxAge}`;
    })
    .join(" or ");
}

/** Days since a proof of the whole; until there is one, since the first backup that it could have used. */
const daysSince = (proof: string) =>
  `(time() - (max ${PER_SERVICE} (${proof}) or min ${PER_SERVICE} (backup_first_success_timestamp_seconds))) / 86400`;

/** `last_archive_age` is no number until something has been archived; then it counts from when the server was first seen. */
const ARCHIVE_AGE =
  `max ${PER_SERVICE} (pg_stat_archiver_last_archive_age) >= 0` +
  ` or time() - ${firstSeen(PER_SERVICE, "pg_stat_archiver_archived_count == 0", 3600)}`;

/** An idle server writes no WAL, and then nothing is behind, however old the last segment is. */
const HAS_WAL =
  `sum ${PER_SERVICE} (increase(pg_stat_archiver_failed_count[5m])) > 0 or ` +
  ["inserted", "updated", "deleted"].map(what => `sum ${PER_SERVICE} (increase(pg_stat_database_tup_${what}[5m])) > 0`).join(" or ");

/** Backups that are missing or fail, and the proof that they restore. That the sidecar itself is gone is ServiceDown's. */
export const backups: Family = system => {
  if (!system.backups) return [];
  const { jobs } = system.backups;
  const { backupAge, walArchivingMinutes, restoreTestDays, gameDayDays } = system.alerting.thresholds;
  return [
    ...thresholdRules(system, backupAge, {
      name: "BackupTooOld",
      // A stack that comes back after days makes its backups first.
      wait: "warning",
      expr: comparison => `(${ageOfAllowed(jobs)}) ${comparison}`,
      summary: "Backup {{ $labels.backup }} is at {{ $value | humanizePercentage }} of its allowed age",
      description:
        "The newest complete backup {{ $labels.backup }} has {{ $value | humanizePercentage }} of the age that its schedule allows; what was written since is in no backup of that kind.",
    }),
    rule(system, "warning", "warning", {
      name: "BackupFailed",
      expr: `max ${PER_BACKUP} (backup_last_run_failed) > 0`,
      summary: "The last run of backup {{ $labels.backup }} failed",
      description: "The last run of {{ $labels.backup }} did not complete and is no backup. The ones before it are as they were.",
    }),
    ...(system.database
      ? thresholdRules(system, walArchivingMinutes, {
          name: "WalArchivingBehind",
          wait: "down",
          expr: comparison => `(((${ARCHIVE_AGE}) and on (system, service) (${HAS_WAL})) / 60) ${comparison}`,
          summary: "WAL of {{ $labels.service }} has not reached the vault for {{ $value | humanize }} minutes",
          description:
            "{{ $labels.service }} has WAL to archive, and for {{ $value | humanize }} minutes none of it has reached the vault. A loss now loses that much, and WAL fills the disk.",
        })
      : []),
    ...thresholdRules(system, restoreTestDays, {
      name: "RestoreTestTooOld",
      expr: comparison => `(${daysSince("restore_test_last_success_timestamp_seconds")}) ${comparison}`,
      summary: "No restore has been tested for {{ $value | humanize }} days",
      description: "For {{ $value | humanize }} days no backup has been restored and compared. Whether the backups can be used is not known.",
    }),
    rule(system, "critical", "critical", {
      name: "RestoreTestFailed",
      expr: `max ${PER_SERVICE} (restore_test_last_run_failed) > 0`,
      summary: "The last restore test failed",
      description: "The newest backups could not be restored, or what came out is not what was backed up.",
    }),
    ...thresholdRules(system, gameDayDays, {
      name: "GameDayOverdue",
      expr: comparison => `(${daysSince("game_day_last_success_timestamp_seconds")}) ${comparison}`,
      summary: "The last game-day was {{ $value | humanize }} days ago",
      description:
        "For {{ $value | humanize }} days nobody has destroyed the stack and rebuilt it from its backups. The time that it takes is not known.",
    }),
  ];
};
