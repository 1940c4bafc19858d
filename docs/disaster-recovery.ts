import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BackupKind, BackupsDeclaration, Retention, System } from "../systems/declaration";
import { ultrathink } from "../systems/ultrathink";
import { bucketNames, type BucketName } from "../vault/aws/documents";
import { lifecycleOf, type LifecycleRule } from "../vault/aws/lifecycle";

const PAGE = join(__dirname, "disaster-recovery.md");
const begin = (part: string) => `<!-- Generated from the declaration: ${part}; \`node --import tsx docs/disaster-recovery.ts\` writes it anew. -->`;
const END = "<!-- End of the generated part. -->";

const taken: Record<BackupKind, string> = {
  "postgres-physical": "the whole server and its write-ahead log, by pgBackRest: every moment since the oldest kept backup",
  "postgres-dump": "each database as a portable dump, which another version can read",
  "redis-rdb": "a snapshot of every key",
  "object-store": "every object; one that has not changed is stored once",
  "kafka-definitions": "topics with their settings, and consumer offsets for the report; no messages",
  models: "the files of every model version with the alias `production`",
};

const kept = (retention: Retention) =>
  "all" in retention
    ? retention.all
    : Object.entries(retention)
        .map(([what, length]) => `${what} ${length}`)
        .join(", ");

const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => "---"), ...rows].map(cells => `| ${cells.map(cell => cell.replaceAll("|", "\\|")).join(" | ")} |`);

/** What lifecycle rules delete of a bucket, in words. */
function ages(rule: LifecycleRule): string {
  const { expiration, noncurrentVersionExpiration: hidden, abortIncompleteMultipartUpload: cutOff } = rule;
  return [
    ...(expiration?.days ? [`everything after ${expiration.days}d`] : []),
    ...(hidden ? [`hidden and replaced versions after ${hidden.noncurrentDays}d`] : []),
    ...(cutOff ? [`cut-off uploads after ${cutOff.daysAfterInitiation}d`] : []),
  ].join(", ");
}

/** The parts of the page that the declaration knows. */
const parts: Record<string, (system: System, backups: BackupsDeclaration) => string[]> = {
  objectives: (_, { objectives }) =>
    table(
      ["objective", "value", "means"],
      [
        ["RTO", objectives.rto, "a total loss is made good within this time"],
        ["RPO", objectives.rpo, "acknowledged writes of at most this time are lost with everything"],
      ],
    ),
  "what is kept": (_, { jobs, vault }) =>
    table(
      ["backup", "of", "what", "when (UTC)", "alert when older than", "kept", "bucket"],
      jobs.map(({ name, of, kind, schedule, maxAge, keep, bucket }) => [
        `\`${name}\``,
        of,
        taken[kind],
        `\`${schedule}\``,
        maxAge,
        kept(keep),
        `\`${vault.buckets[bucket]}\`${bucket === "locked" ? `, locked ${vault.lock}` : ""}`,
      ]),
    ),
  "what goes by age in S3": system => {
    const names = bucketNames({ system });
    const rules = Object.entries(lifecycleOf(system)) as [BucketName, LifecycleRule[]][];
    return table(
      ["what goes by itself", "of bucket", "below"],
      rules.flatMap(([bucket, all]) =>
        all.map(rule => [ages(rule), `\`${names[bucket]}\``, rule.filter.prefix ? `\`${rule.filter.prefix}\`` : "all of it"]),
      ),
    );
  },
  "volumes with a backup": system =>
    table(
      ["volume", "service", "backup"],
      Object.values(system.volumes).flatMap(({ name, service, backup }) =>
        typeof backup === "string" ? [[`\`${system.project}_${name}\``, service, `\`${backup}\``]] : [],
      ),
    ),
  "volumes without": system =>
    table(
      ["volume", "service", "why it has none"],
      Object.values(system.volumes).flatMap(({ name, service, backup }) =>
        typeof backup === "string" ? [] : [[`\`${system.project}_${name}\``, service, backup.none]],
      ),
    ),
};

/**
 * The page with its generated parts renewed.
 *
 * @throws Error that names what the page or the system lacks
 */
export function renewRecovery(page: string, system: System): string {
  const { backups } = system;
  if (!backups) throw new Error(`${system.name} declares no backups`);
  return Object.entries(parts).reduce((text, [part, lines]) => {
    const from = text.indexOf(begin(part));
    const to = text.indexOf(END, from);
    if (from < 0 || to < 0) throw new Error(`the page has no place for ${part}; add these two lines:\n${begin(part)}\n${END}`);
    return `${text.slice(0, from)}${begin(part)}\n\n${lines(system, backups).join("\n")}\n\n${text.slice(to)}`;
  }, page);
}

if (require.main === module) writeFileSync(PAGE, renewRecovery(readFileSync(PAGE, "utf8"), ultrathink));
