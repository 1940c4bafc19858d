import { present, type PageOf } from "../page";
import { logs, stat, timeseries } from "../panel";
import { matching, ofServices, promql } from "../query";

/** Whether a loss could be made good now: backups by age, size and result, archived WAL, and when a restore was last proven. */
export const backups: PageOf = system => {
  const { backups: declared, database, observability } = system;
  if (!declared) return undefined;
  const all = matching(system);
  const { backupAge, walArchivingMinutes, restoreTestDays, gameDayDays } = system.alerting.thresholds;
  const ofAllowed = `max by (backup) ((time() - backup_last_success_timestamp_seconds${all}) / on (backup) group_left backup_max_age_seconds${all})`;
  const daysSince = (proof: string) => promql(`(time() - (max(${proof}${all}) or min(backup_first_success_timestamp_seconds${all}))) / 86400`);
  const archived = database && present(system, database.service, observability.exporters.postgres.service).length === 2;
  const server = database ? matching(system, ofServices([database.service])) : all;
  const sinceArchived = `max(pg_stat_archiver_last_archive_age${server} >= 0) / 60`;
  return {
    slug: "backups",
    title: "Backups and recovery",
    rows: [
      {
        title: "Now",
        panels: [
          stat("Oldest backup, of its allowed age", "percentunit", promql(`max(${ofAllowed})`), {
            threshold: backupAge,
            alert: "BackupTooOld",
          }),
          stat("Jobs whose last run failed", "short", promql(`sum(backup_last_run_failed${all})`), {
            threshold: { warning: "> 0" },
            alert: "BackupFailed",
          }),
          stat("Days since a restore was tested", "short", daysSince("restore_test_last_success_timestamp_seconds"), {
            threshold: restoreTestDays,
            alert: "RestoreTestTooOld",
            description: "Until the first test, since the first backup.",
          }),
          stat("Days since a game-day", "short", daysSince("game_day_last_success_timestamp_seconds"), {
            threshold: gameDayDays,
            alert: "GameDayOverdue",
            description: "Until the first game-day, since the first backup.",
          }),
        ],
      },
      {
        title: "Backups",
        panels: [
          timeseries("Age of allowed", "percentunit", promql(ofAllowed, "{{backup}}"), { threshold: backupAge, alert: "BackupTooOld" }),
          timeseries("Age", "s", promql(`max by (backup) (time() - backup_last_success_timestamp_seconds${all})`, "{{backup}}")),
          timeseries("Size", "bytes", promql(`max by (backup) (backup_last_size_bytes${all})`, "{{backup}}")),
          timeseries("Duration", "s", promql(`max by (backup) (backup_last_duration_seconds${all})`, "{{backup}}")),
          timeseries("Failed runs in a day", "short", promql(`sum by (backup) (round(increase(backup_failures_total${all}[1d])))`, "{{backup}}"), {
            threshold: { warning: "> 0" },
            alert: "BackupFailed",
          }),
          stat("Last restore test failed", "bool_yes_no", promql(`max(restore_test_last_run_failed${all})`), {
            threshold: { critical: "> 0" },
            alert: "RestoreTestFailed",
            width: 12,
          }),
        ],
      },
      ...(archived
        ? [
            {
              title: "Write-ahead log",
              panels: [
                timeseries("Minutes since WAL was archived", "short", promql(sinceArchived, "age of the last segment"), {
                  threshold: walArchivingMinutes,
                  alert: "WalArchivingBehind",
                  description: "The alert fires only while there is WAL to archive: an idle server writes none.",
                }),
                timeseries("Segments archived", "ops", [
                  promql(`sum(rate(pg_stat_archiver_archived_count${server}[$__rate_interval]))`, "archived"),
                  promql(`sum(rate(pg_stat_archiver_failed_count${server}[$__rate_interval]))`, "attempts that failed"),
                ]),
              ],
            },
          ]
        : []),
      { title: "Logs", panels: [logs(system, [declared.service])] },
    ],
  };
};
