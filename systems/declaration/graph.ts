import { TIERS, type Scale, type Tier } from "./service";
import type { System } from "./system";
import { cores, mebibytes, port } from "./units";

/** All faults of a declaration at once, each a sentence that names the key. */
export class DeclarationError extends Error {
  constructor(
    system: string,
    readonly faults: string[],
  ) {
    super(`${system} cannot be declared:\n${faults.map(fault => `  - ${fault}`).join("\n")}`);
    this.name = "DeclarationError";
  }
}

/** Services behind a name of the graph: a group's members, or the service itself. */
export function members(system: System, name: string): string[] {
  return system.groups[name] ?? [name];
}

/** Every edge of the graph: who waits for whom (`needs`), who talks to whom without waiting (`uses`). */
export function edges(system: System): { from: string; to: string; kind: "needs" | "uses" }[] {
  return Object.entries(system.services).flatMap(([from, row]) =>
    (["needs", "uses"] as const).flatMap(kind => (row[kind] ?? []).flatMap(name => members(system, name).map(to => ({ from, to, kind })))),
  );
}

/** Services in an order in which each comes after all that it needs. Throws on a cycle, naming it. */
export function startOrder(system: System): string[] {
  const order = new Set<string>();
  const visiting: string[] = [];
  const visit = (service: string): void => {
    if (order.has(service)) return;
    if (visiting.includes(service)) {
      throw new DeclarationError(system.name, [
        `needs: ${[...visiting.slice(visiting.indexOf(service)), service].join(" → ")} is a cycle; one of them must start first`,
      ]);
    }
    visiting.push(service);
    for (const need of system.services[service]?.needs ?? []) members(system, need).forEach(visit);
    visiting.pop();
    order.add(service);
  };
  Object.keys(system.services).forEach(visit);
  return [...order];
}

/** Checks a declaration whole before anything is created: names, units, ports with the stack's offset, cycles. */
export function validate(system: System, portOffset = 0): void {
  const faults: string[] = [];
  const attempt = (check: () => unknown) => {
    try {
      check();
    } catch (error) {
      faults.push((error as Error).message);
    }
  };
  const published = new Map<number, string>();
  for (const [name, row] of Object.entries(system.services)) {
    attempt(() => cores(row.cpu, `services.${name}.cpu`));
    attempt(() => {
      const limit = mebibytes(row.memory, `services.${name}.memory`);
      const reserved = mebibytes(row.reserved, `services.${name}.reserved`);
      if (reserved > limit) throw new Error(`services.${name}.reserved: ${row.reserved} is above the limit of ${row.memory}; lower it`);
    });
    for (const [kind, names] of [
      ["needs", row.needs],
      ["uses", row.uses],
    ] as const) {
      for (const other of (names ?? []).flatMap(to => members(system, to))) {
        if (!system.services[other]) faults.push(`services.${name}.${kind}: there is no service "${other}"; name one of the table or remove it`);
      }
    }
    for (const other of row.external ?? []) {
      if (!system.external[other]) {
        faults.push(`services.${name}.external: there is no external system "${other}"; there are ${list(Object.keys(system.external))}`);
      }
    }
    if (row.port === undefined) continue;
    const host = row.port + portOffset;
    attempt(() => port(host, `services.${name}.port (${row.port} with portOffset ${portOffset})`));
    const taken = published.get(host);
    if (taken) faults.push(`services.${name}.port: ${host} is already ${taken}'s; every service needs a port of its own`);
    published.set(host, name);
  }
  for (const [key, volume] of Object.entries(system.volumes)) {
    if (!system.services[volume.service]) faults.push(`volumes.${key}.service: there is no service "${volume.service}"`);
    // A stack without its sidecar has no backups, and the volumes' classes then say nothing.
    const jobs = system.backups?.jobs.map(job => job.name);
    if (jobs && typeof volume.backup === "string" && !jobs.includes(volume.backup)) {
      faults.push(`volumes.${key}.backup: there is no job "${volume.backup}"; there are ${list(jobs)}, or write { none: "why it needs none" }`);
    }
  }
  faults.push(...availabilityFaults(system));
  faults.push(...backupFaults(system));
  if (faults.length === 0) attempt(() => startOrder(system));
  if (faults.length > 0) throw new DeclarationError(system.name, faults);
}

function availabilityFaults(system: System): string[] {
  const faults: string[] = [];
  const known = (key: string, name: string) => {
    if (members(system, name).every(service => system.services[service])) return;
    faults.push(`${key}: there is no service or group "${name}"; name one of the table or remove it`);
  };
  for (const [name, { scale }] of Object.entries(system.availability)) {
    known("availability", name);
    if (scale && system.groups[name]) faults.push(`availability.${name}.scale: a group has as many as it has members; remove it`);
    if (scale && (scale.min < 1 || (scale.max ?? scale.min) < scale.min)) {
      faults.push(`availability.${name}.scale: ${scale.min} to ${scale.max ?? scale.min} is no range; min is 1 or more and max no less`);
    }
  }
  Object.keys(system.releases?.smoke ?? {}).forEach(service => known("releases.smoke", service));
  for (const [tier, services] of Object.entries(system.tiers)) services.forEach(service => known(`tiers.${tier}`, service));
  return faults;
}

/** Replicas of a service: its least, and its most where load decides. A member of a group is one of its kind. */
export function scaleOf(system: System, service: string): Scale {
  return system.availability[service]?.scale ?? { min: 1 };
}

/** The tier that a service belongs to; whoever none names only watches. */
export function tierOf(system: System, service: string): Tier {
  const known = [service, ...Object.keys(system.groups).filter(group => members(system, group).includes(service))];
  return TIERS.find(tier => tier !== "observability" && known.some(name => system.tiers[tier].includes(name))) ?? "observability";
}

const list = (names: string[]) => names.join(", ") || "none";

function backupFaults(system: System): string[] {
  const { backups, services, external } = system;
  if (!backups) return [];
  const faults: string[] = [];
  if (!services[backups.service]) faults.push(`backups.service: there is no service "${backups.service}"`);
  if (!external[backups.vault.external]) {
    faults.push(`backups.vault.external: there is no external system "${backups.vault.external}"; there are ${list(Object.keys(external))}`);
  } else if (!external[backups.vault.external]!.network) {
    faults.push(`external.${backups.vault.external}.network: the vault's own network is not named; name one`);
  }
  const seen = new Set<string>();
  for (const { name, of } of backups.jobs) {
    if (seen.has(name)) faults.push(`backups.jobs: "${name}" is there twice; every job needs a name of its own`);
    seen.add(name);
    for (const service of members(system, of)) {
      if (!services[service]) faults.push(`backups.jobs.${name}.of: there is no service "${service}"`);
    }
  }
  return faults;
}

/** The same system without some services: their rows, volumes, parts, backups, and every edge to them. */
export function without(system: System, services: string[]): System {
  const gone = new Set(services);
  const keep = (names: string[] | undefined) => names?.filter(name => !gone.has(name));
  const keepPart = <T extends { service: string }>(part: T | undefined) => (part && gone.has(part.service) ? undefined : part);
  const keepNamed = <T>(parts: Record<string, T>) => Object.fromEntries(Object.entries(parts).filter(([name]) => !gone.has(name)));
  const { database, zookeeper, kafka, redis, objectStore, mlflow, workloads, scheduler, backups, releases } = system;
  return {
    ...system,
    database: keepPart(database),
    zookeeper: keepPart(zookeeper),
    kafka: kafka?.brokers.some(broker => gone.has(broker)) ? undefined : kafka,
    redis: keepNamed(redis),
    objectStore: keepPart(objectStore),
    mlflow: keepPart(mlflow),
    workloads: keepNamed(workloads),
    availability: keepNamed(system.availability),
    tiers: Object.fromEntries(Object.entries(system.tiers).map(([tier, names]) => [tier, keep(names)!])) as System["tiers"],
    scheduler: keepPart(scheduler),
    backups: backups && keepPart({ ...backups, jobs: backups.jobs.filter(({ of }) => !members(system, of).some(name => gone.has(name))) }),
    releases: releases && { ...releases, smoke: keepNamed(releases.smoke) },
    services: Object.fromEntries(
      Object.entries(system.services)
        .filter(([name]) => !gone.has(name))
        .map(([name, row]) => [name, { ...row, needs: keep(row.needs), uses: keep(row.uses) }]),
    ),
    volumes: Object.fromEntries(Object.entries(system.volumes).filter(([, volume]) => !gone.has(volume.service))),
  };
}
