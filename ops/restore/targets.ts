import { basename, dirname } from "node:path/posix";
import { recoveryOf, volumeOf } from "../backups/face";
import { CommandFailure } from "../exit";
import type { PlannedVolume, StackPlan } from "../project";

/** One service whose data can be restored, and where it lies. */
export interface Target {
  kind: "database" | "redis" | "object-store";
  service: string;
  /** Jobs whose backups it is restored from. */
  jobs: string[];
  /** Job whose backups `--into` restores from. */
  into: string[];
  volume: PlannedVolume & { path: string };
  /** Numeric user that owns the data. */
  user: number;
  /** Folder inside the mounted volume that holds the data, its restored twin, and the old data. */
  folder: string;
  /** Entries of `folder` that are the data, and what takes their place; all of them are replaced together. */
  data: { name: string; from: string }[];
  /** Entries that mean nothing to the restored data. */
  stale: string[];
}

/** Name of the folder that a restore works in, beside the data. */
export const BESIDE = "restore";

const inside = (name: string) => ({ name, from: `${BESIDE}/${name}` });

/** What can be restored, in the order in which a person thinks of it. */
export function targets(plan: StackPlan): Target[] {
  const { database, redis, objectStore, jobs } = recoveryOf(plan).backups;
  const of = (...kinds: string[]) => jobs.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name);
  const target = (service: string) => {
    const volume = volumeOf(plan, service);
    if (!volume.path) throw new Error(`the plan does not say where ${service} mounts ${volume.name}`);
    return { service, volume: { ...volume, path: volume.path }, folder: volume.path, stale: [] };
  };
  return [
    {
      ...target(database.service),
      kind: "database",
      jobs: of("postgres-physical"),
      into: of("postgres-dump"),
      user: 1000,
      folder: dirname(database.pgdata),
      data: [{ name: basename(database.pgdata), from: BESIDE }],
    },
    ...(redis
      ? [
          {
            ...target(redis.service),
            kind: "redis" as const,
            jobs: of("redis-rdb"),
            into: of("redis-rdb"),
            user: 999,
            data: [inside("appendonlydir")],
            // Beside an append-only file Redis ignores it, and the next save replaces it.
            stale: ["dump.rdb"],
          },
        ]
      : []),
    ...(objectStore
      ? [
          {
            ...target(objectStore.service),
            kind: "object-store" as const,
            jobs: of("object-store"),
            into: of("object-store"),
            user: 0,
            data: [inside("data"), inside("versions")],
          },
        ]
      : []),
  ];
}

/** @throws CommandFailure `usage` that lists what can be restored */
export function chosenTargets(plan: StackPlan, only: string | undefined): Target[] {
  const all = targets(plan);
  if (only === undefined) return all;
  const one = all.filter(({ service }) => service === only);
  if (one.length > 0) return one;
  throw new CommandFailure(
    "usage",
    `--only: "${only}" is not allowed; restored can be ${all.map(({ service }) => service).join(", ")}. What else the stack holds is made anew by \`bin/ops up\`.`,
  );
}
