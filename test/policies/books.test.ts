import { nodeNamespace } from "../../components/backends/kubernetes/security";
import { hardeningExceptions } from "../../components/hardening";
import { alertRules } from "../../components/observability/rules";
import lock from "../../images.lock.json";
import { isBuiltHere } from "../../ops/own-images";
import { ultrathink as book } from "../../policies/books/ultrathink";
import { vault as vaultBook } from "../../policies/books/vault";
import { exceptions } from "../../policies/exceptions";
import { mebibytes, members, seconds, TIERS, type Duration, type Limit, type Thresholds } from "../../systems/declaration";
import { ultrathink as declaration } from "../../systems/ultrathink";

// The two books are kept apart; this is the only place where they meet.

test("book and declaration hold the same resource table", () => {
  const declared = Object.entries(declaration.services).map(([service, { cpu, memory, reserved, gpu }]) => ({
    service,
    cpu,
    memory: mebibytes(memory),
    reserved: mebibytes(reserved),
    gpu: gpu?.count ?? 0,
  }));
  const byName = (a: { service: string }, b: { service: string }) => a.service.localeCompare(b.service);
  expect([...book.rows].sort(byName)).toEqual(declared.sort(byName));
});

test("the runbook's own rows sum to what they sum to", () => {
  // The first sixteen rows are the runbook's table, its brokers counted singly.
  const sum = (value: (row: (typeof book.rows)[number]) => number) => book.rows.slice(0, 16).reduce((total, row) => total + value(row), 0);
  expect({
    cpu: sum(row => row.cpu),
    memory: sum(row => row.memory) / 1024,
    reserved: sum(row => row.reserved) / 1024,
    gpu: sum(row => row.gpu),
  }).toEqual({
    cpu: 21,
    memory: 33.75,
    reserved: 17.25,
    gpu: 3,
  });
});

test("book and declaration name the same system and containers", () => {
  expect(book.containerPrefix).toBe(declaration.containerPrefix);
  expect(book.system).toBe(declaration.name);
});

test("the books name the images that are built here", () => {
  const built = Object.entries(lock).filter(([key, reference]) => isBuiltHere(key, reference));
  const repository = (reference: string) => reference.replace(/:[^:/]*$/, "");
  expect(book.built).toEqual(built.map(([, reference]) => repository(reference)));
  expect(vaultBook.built).toEqual([repository(lock.backup)]);
});

test("book and declaration hold the same Kafka", () => {
  const { brokers, replicationFactor, minInsyncReplicas, retention } = declaration.kafka!;
  expect(book.kafka).toEqual({
    brokers: Object.fromEntries(brokers.map((broker, index) => [broker, index + 1])),
    replicationFactor,
    minInsyncReplicas,
    retentionHours: "hours" in retention ? retention.hours : retention,
    topics: Object.fromEntries(declaration.kafka!.topics.map(({ name, partitions }) => [name, partitions])),
  });
});

test("book and declaration hold the same Redis servers", () => {
  const declared = Object.entries(declaration.redis).map(([service, { persistence, policy, maxmemory }]) => [
    service,
    { persistent: persistence !== "none", evicts: policy, maxmemory },
  ]);
  expect(book.redis).toEqual(Object.fromEntries(declared));
});

test("book and declaration say the same of every volume: which backup takes it, or that there is a reason for none", () => {
  const declared = Object.values(declaration.volumes).map(({ name, backup }) => [
    `${declaration.project}_${name}`,
    typeof backup === "string" ? backup : "none",
  ]);
  const written = Object.entries(book.volumes).map(([name, backup]) => [name, typeof backup === "string" ? backup : "none"]);
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(declared));
  const jobs = book.backups!.jobs.map(({ name }) => name);
  expect(Object.values(book.volumes).filter(backup => (typeof backup === "string" ? !jobs.includes(backup) : backup.none.length < 10))).toEqual([]);
});

test("book and declaration hold the same backup table", () => {
  const { service, jobs, vault, restoreTest, expire } = declaration.backups!;
  const declared = jobs.map(({ name, kind, of, schedule, maxAge, keep, bucket }) => ({
    name,
    kind,
    of: members(declaration, of),
    schedule,
    maxAge: seconds(maxAge),
    keep: Object.fromEntries(Object.entries(keep).map(([what, length]) => [what, seconds(length)])),
    bucket,
  }));
  expect(book.backups!.jobs).toEqual(declared);
  const physical = declared.find(({ kind }) => kind === "postgres-physical")!;
  expect(book.backups).toMatchObject({
    service,
    archived: { service: declaration.database!.service },
    buckets: vault.buckets,
    fullDays: physical.keep["all"]! / 86_400,
    restoreTest: restoreTest.schedule,
    expire: expire.schedule,
  });
});

test("book and declaration hold the same vault", () => {
  const { buckets, lock } = declaration.backups!.vault;
  expect(vaultBook.buckets).toEqual({ [buckets.locked]: { lockDays: seconds(lock) / 86_400 }, [buckets.unlocked]: {} });
});

test("book and declaration hold the same thresholds of every alert", () => {
  const percent = (limit: Limit | undefined) => limit?.replace(/([\d.]+)%/, (_, share: string) => String(Number(share) / 100));
  const names: Record<keyof Thresholds, string> = {
    diskUsed: "DiskSpaceLow",
    diskFullHours: "DiskFullSoon",
    memoryOfLimit: "MemoryHigh",
    cpuOfLimit: "CpuHigh",
    gpuMemory: "GpuMemoryHigh",
    databaseConnections: "DatabaseConnectionsHigh",
    underReplicatedPartitions: "KafkaUnderReplicatedPartitions",
    redisMemory: "RedisMemoryHigh",
    circuitBreakersOpen: "CircuitBreakerOpen",
    modelRollbacksPerDay: "ModelRollbacks",
    redisEvictionsPerSecond: "RedisEvictionsHigh",
    consumerLag: "ConsumerLagHigh",
    restarts: "ServiceRestarting",
    certificateDays: "CertificateExpiry",
    logLagSeconds: "LogLagHigh",
    backupAge: "BackupTooOld",
    walArchivingMinutes: "WalArchivingBehind",
    restoreTestDays: "RestoreTestTooOld",
    gameDayDays: "GameDayOverdue",
  };
  const held = (name: string) =>
    Object.fromEntries(book.alerting!.alerts.filter(alert => alert.name === name).map(({ severity, limit }) => [severity, limit]));
  for (const [key, name] of Object.entries(names)) {
    const { warning, critical } = declaration.alerting.thresholds[key as keyof Thresholds];
    expect([name, held(name)]).toEqual([name, JSON.parse(JSON.stringify({ warning: percent(warning), critical: percent(critical) }))]);
  }
});

test("book and declaration hold the same alerts, waits, priorities and receivers", () => {
  const declared = alertRules(declaration).map(({ name, severity, priority, for: wait }) => ({ name, severity, priority, wait }));
  const written = book.alerting!.alerts.map(({ name, severity, priority, wait }) => ({ name, severity, priority, wait }));
  const order = (a: object, b: object) => JSON.stringify(a).localeCompare(JSON.stringify(b));
  expect(written.sort(order)).toEqual(declared.sort(order));
  expect(book.alerting!.receivers).toEqual(Object.fromEntries(declaration.alerting.escalation.map(({ priority, receiver }) => [priority, receiver])));
});

test("book and declaration hold the same database settings and retention of its tables", () => {
  const { settings, retention, service } = declaration.database!;
  const { wal_level: judgedByTheRuleOnArchiving, ...rest } = settings;
  expect(judgedByTheRuleOnArchiving).toBe("replica");
  const days = (duration: Duration) => seconds(duration) / 86_400;
  expect(book.database).toEqual({
    service,
    settings: rest,
    tableDays: Object.fromEntries(
      retention.flatMap(({ table, dropAfter, hourlyRollup }) => [
        [table, days(dropAfter)],
        ...(hourlyRollup ? [[`${table}_hourly`, days(hourlyRollup.dropAfter)] as const] : []),
      ]),
    ),
  });
});

test("book and declaration keep metrics and logs for the same time", () => {
  const { prometheus, loki } = declaration.observability;
  expect(book.retention).toEqual({
    metrics: { service: prometheus.service, time: prometheus.retention, size: `${mebibytes(prometheus.retentionSize) * 2 ** 20}B` },
    logs: { service: loki.service, hours: seconds(loki.retention) / 3600 },
  });
});

test("book and declaration hold the same schedules and workload settings", () => {
  const { service, jobs } = declaration.scheduler!;
  expect(book.schedules).toEqual({
    service,
    tasks: Object.fromEntries(jobs.map(({ name, schedule, command }) => [name, { schedule, command: command.join(" ") }])),
  });
  const declared = Object.entries(declaration.workloads).flatMap(([name, { env }]) => (env ? [[name, env]] : []));
  expect(book.settings).toEqual(Object.fromEntries(declared));
  const profiles = Object.values(declaration.trainingProfiles).filter(({ env }) => Object.keys(env).length > 0);
  expect(book.profiles).toEqual(Object.fromEntries(profiles.map(({ service: trained, env }) => [trained, [env]])));
});

test("book and declaration hold the same replicas, tiers, groups and claims", () => {
  const scales = Object.entries(declaration.availability).map(([name, { scale }]) => [
    name,
    scale ? (scale.max === undefined ? scale.min : scale) : members(declaration, name).length,
  ]);
  expect(book.scale).toEqual(Object.fromEntries(scales));
  expect(book.groups).toEqual(declaration.groups);
  for (const [tier, services] of Object.entries(declaration.tiers)) {
    expect(book.tiers![tier as keyof typeof declaration.tiers]).toEqual(services.flatMap(name => [name, ...(declaration.groups[name] ?? [])]));
  }
  expect(Object.keys(book.tiers!)).toEqual([...TIERS]);
  const groupOf = (service: string) => Object.keys(declaration.groups).find(group => members(declaration, group).includes(service)) ?? service;
  const claims = Object.values(declaration.volumes).map(({ service, name, size }) => [
    `${groupOf(service)}/${name.slice(name.lastIndexOf("_") + 1)}`,
    size,
  ]);
  expect(book.claims).toEqual(Object.fromEntries(claims));
});

test("book and declaration say the same of what only one platform has, what is on every node, and what is exposed", () => {
  const rows = Object.entries(declaration.services);
  const perNode = rows.filter(([, { onEvery }]) => onEvery).map(([name]) => name);
  expect(book.perNode).toEqual(perNode);
  expect(book.exposed).toEqual(rows.filter(([, { exposed }]) => exposed).map(([name]) => name));
  // Where the cluster's clock starts the tasks, nothing has to run them.
  const only = rows.flatMap(([name, { only: platforms }]) => (platforms ? [[name, platforms[0]]] : []));
  expect(book.only).toEqual({ ...Object.fromEntries(only), [declaration.scheduler!.service]: "docker" });
  expect(book.namespaces).toEqual({ main: declaration.namespace, node: nodeNamespace(declaration) });
});

test("book and declaration hold the same exceptions from hardening", () => {
  const rows = (rule: string) =>
    exceptions
      .filter(entry => entry.rule === rule)
      .map(({ resource, permits }) => [resource.slice(book.containerPrefix.length), permits].join(" ").trim())
      .sort();
  const declared = Object.entries(hardeningExceptions);
  expect(rows("docker-container-disallow-root-user")).toEqual(
    declared
      .filter(([, { root }]) => root !== undefined)
      .map(([service]) => service)
      .sort(),
  );
  expect(rows("docker-container-disallow-capabilities")).toEqual(
    declared.flatMap(([service, { capabilities = {} }]) => Object.keys(capabilities).map(name => `${service} ${name}`)).sort(),
  );
  expect(rows("docker-container-disallow-host-path")).toEqual(
    declared.flatMap(([service, { hostPaths = {} }]) => Object.keys(hostPaths).map(path => `${service} ${path}`)).sort(),
  );
});
