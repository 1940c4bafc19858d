import { hardeningExceptions } from "../../components/hardening";
import { ultrathink as book } from "../../policies/books/ultrathink";
import { vault as vaultBook } from "../../policies/books/vault";
import { exceptions } from "../../policies/exceptions";
import { mebibytes, members, seconds, type Limit } from "../../systems/declaration";
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

test("book and declaration hold the same Kafka", () => {
  const { brokers, replicationFactor, minInsyncReplicas, retention } = declaration.kafka!;
  expect(book.kafka).toEqual({
    brokers: Object.fromEntries(brokers.map((broker, index) => [broker, index + 1])),
    replicationFactor,
    minInsyncReplicas,
    retentionHours: "hours" in retention ? retention.hours : retention,
  });
});

test("book and declaration hold the same Redis servers", () => {
  const declared = Object.entries(declaration.redis).map(([service, { persistence, policy, maxmemory }]) => [
    service,
    { persistent: persistence !== "none", evicts: policy, maxmemory },
  ]);
  expect(Object.fromEntries(declared)).toEqual({
    redis: book.redis!["redis"],
    // The runbook gives the queue no size; only its share of the limit is judged.
    "redis-queue": { ...book.redis!["redis-queue"], maxmemory: declaration.redis["redis-queue"]!.maxmemory },
  });
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
    repository: { bucket: vault.buckets.locked, fullDays: physical.keep["all"]! / 86_400 },
    restoreTest: restoreTest.schedule,
    expire: expire.schedule,
  });
});

test("book and declaration hold the same vault", () => {
  const { buckets, lock } = declaration.backups!.vault;
  expect(vaultBook.buckets).toEqual({ [buckets.locked]: { lockDays: seconds(lock) / 86_400 }, [buckets.unlocked]: {} });
});

test("book and declaration hold the same limits of the alerts about backups", () => {
  const { backupAge, walArchivingMinutes, restoreTestDays, gameDayDays } = declaration.alerting.thresholds;
  const percent = (limit: Limit | undefined) => limit?.replace(/(\d+)%/, (_, share: string) => String(Number(share) / 100));
  const held = (name: string) =>
    Object.fromEntries(book.backups!.alerts.filter(alert => alert.name === name).map(({ severity, limit }) => [severity, limit]));
  expect(held("BackupTooOld")).toEqual({ warning: percent(backupAge.warning), critical: percent(backupAge.critical) });
  expect(held("WalArchivingBehind")).toEqual(walArchivingMinutes);
  expect(held("RestoreTestTooOld")).toEqual(restoreTestDays);
  expect(held("GameDayOverdue")).toEqual(gameDayDays);
});

test("book and declaration hold the same exceptions from hardening", () => {
  const rows = (rule: string) =>
    exceptions
      .filter(entry => entry.rule === rule)
      .map(({ container, permits }) => [container.slice(book.containerPrefix.length), permits].join(" ").trim())
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
