import { seconds, type Duration, type System } from "../../systems/declaration";
import type { BucketName } from "./documents";

/** A rule in the words of the bucket's lifecycle configuration; every value is known before anything is made. */
export interface LifecycleRule {
  id: string;
  status: "Enabled";
  filter: { prefix: string };
  expiration?: { days?: number; expiredObjectDeleteMarker?: boolean };
  noncurrentVersionExpiration?: { noncurrentDays: number };
  abortIncompleteMultipartUpload?: { daysAfterInitiation: number };
}

export const days = (duration: Duration) => seconds(duration) / 86_400;

/** Of every bucket, under every prefix: what was hidden or replaced, uploads that were cut off, and markers that hide nothing any more. */
function leftovers(system: System): LifecycleRule {
  const { noncurrent, incompleteUploads } = system.backups!.vault;
  return {
    id: "leftovers",
    status: "Enabled",
    filter: { prefix: "" },
    noncurrentVersionExpiration: { noncurrentDays: days(noncurrent) },
    abortIncompleteMultipartUpload: { daysAfterInitiation: days(incompleteUploads) },
    expiration: { expiredObjectDeleteMarker: true },
  };
}

const expiring = (id: string, prefix: string, age: Duration): LifecycleRule => ({
  id,
  status: "Enabled",
  filter: { prefix },
  expiration: { days: days(age) },
});

/**
 * Lifecycle of each bucket, from the declared retention. Only what is whole by itself goes by age: dumps by their folder, and everything of the bucket
 * without a lock. pgBackRest's files, artifacts and models need one another, and their programs know when the last one that does is gone. Nothing goes
 * to an archive: a restore has no hours to wait.
 */
export function lifecycleOf(system: System): Record<BucketName, LifecycleRule[]> {
  const { jobs, vault } = system.backups!;
  const dumps = jobs
    .filter(({ kind, bucket }) => kind === "postgres-dump" && bucket === "locked")
    .flatMap(({ name, keep }) => Object.entries(keep).map(([tier, age]) => expiring(`${name}-${tier}`, `${name}/${tier}/`, age as Duration)));
  const recent = jobs
    .filter(({ bucket }) => bucket === "unlocked")
    .flatMap(({ name, keep }) => {
      if (!("all" in keep)) throw new Error(`backups.jobs.${name}: in the bucket without a lock keeps { all: <duration> }`);
      return [expiring(name, `${name}/`, keep.all), expiring(`${name}-manifests`, `manifests/${name}/`, keep.all)];
    });
  return {
    locked: [leftovers(system), ...dumps],
    unlocked: [leftovers(system), ...recent],
    logs: [leftovers(system), expiring("logs", "", vault.accessLogs)],
  };
}
