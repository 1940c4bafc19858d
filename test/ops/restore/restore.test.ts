import { type KeptBackup } from "../../../ops/backups/program";
import { createLogger } from "../../../ops/logger";
import { restoreAndTakeOver, restoreInto, vaultBackups } from "../../../ops/restore";
import { type Choice } from "../../../ops/restore/choose";
import { chosenTargets, targets } from "../../../ops/restore/targets";
import { Steps } from "../../../ops/steps";
import { type Call, FakeDocker, type FakeOptions, type Said } from "../support/docker";
import { vault, ultrathinkPlan } from "../support/plan";

const plan = ultrathinkPlan();
const backup: KeptBackup = { job: "any", id: "20261124T003000Z", finished: "2026-11-24T00:30:00Z", kind: "any", bytes: 1 };
const choices = (only?: string, more: Partial<Choice> = {}): Choice[] => chosenTargets(plan, only).map(target => ({ target, backup, ...more }));
const restoredLine: Said = { out: '{"id":"20261124T003000Z"}\n' };

function world(options: FakeOptions = {}) {
  const fake = new FakeDocker({
    volumes: targets(plan).map(({ volume }) => volume.name),
    ...options,
    answer: call => options.answer?.(call) ?? (call.command[0]?.startsWith("restore-") ? restoredLine : {}),
  });
  const lines: string[] = [];
  const logger = createLogger({ out: text => lines.push(text), err: text => lines.push(text) });
  const context = { docker: fake.docker, stack: "dev", signal: new AbortController().signal, logger };
  return { fake, lines, context, steps: new Steps(logger.note) };
}

const running = {
  "ultrathink-timescaledb": { volumes: ["infrastructure_timescale_data"] },
  "ultrathink-backup": { volumes: ["infrastructure_timescale_data"] },
  "ultrathink-timescaledb-schema": { running: false },
};

test("the list is asked of the vault's network alone, with the identity that may only read", async () => {
  const { fake, context } = world({ answer: () => ({ out: `${JSON.stringify(backup)}\n` }) });
  expect(await vaultBackups(context, plan, vault)).toEqual([backup]);
  const [{ options, uploads }] = fake.made as [(typeof fake.made)[0]];
  expect(options.HostConfig!.NetworkMode).toBe("ultrathink-vault");
  expect(uploads.map(({ path, mode }) => `${path} ${mode.toString(8)}`)).toEqual([
    "/etc/ultrathink/backup.json 444",
    "/run/secrets/vault-credentials 400",
  ]);
});

test("a database is restored beside, and what runs on it is stopped for the take-over alone", async () => {
  const { fake, context, steps } = world({ containers: running });
  const [done] = await restoreAndTakeOver(context, plan, vault, choices("timescaledb", { to: new Date("2026-11-24T09:59:00Z") }), steps);
  expect(done!.restored.id).toBe("20261124T003000Z");
  const commands = fake.calls.map(({ command }) => command.join(" ").split("\n")[0]);
  expect(commands).toEqual([
    "cd /home/postgres/pgdata",
    "restore-database --pgdata /home/postgres/pgdata/restore --to 2026-11-24T09:59:00.000Z",
    "cd /home/postgres/pgdata",
  ]);
  const order = fake.events.filter(event => /stop|start|schema/.test(event));
  expect(order).toEqual([
    "start ultrathink-timescaledb-ready",
    "start ultrathink-backup-restore-timescaledb",
    "stop ultrathink-timescaledb",
    "stop ultrathink-backup",
    "start ultrathink-timescaledb-take-over",
    "remove ultrathink-timescaledb-schema",
  ]);
});

test("what a killed restore left at work on the volume is ended before anything is cleared, and nothing else", async () => {
  const labels = { "dev.ultrathink.stack": "dev", "dev.ultrathink.one-off": "true" };
  const { fake, context, steps } = world({
    containers: {
      ...running,
      "ultrathink-backup-restore-timescaledb": { labels, volumes: ["infrastructure_timescale_data"] },
      "ultrathink-backup-restore-redis-queue": { labels, volumes: ["infrastructure_redis_queue_data"] },
    },
  });
  await restoreAndTakeOver(context, plan, vault, choices("timescaledb"), steps);
  expect(fake.events[0]).toBe("remove ultrathink-backup-restore-timescaledb");
  expect(fake.events).not.toContain("remove ultrathink-backup-restore-redis-queue");
});

test("the scripts on a volume run without a network and as the data's owner", async () => {
  const { fake, context, steps } = world();
  await restoreAndTakeOver(context, plan, vault, choices("redis-queue"), steps);
  const scripts = fake.made.filter(({ options }) => options.Entrypoint).map(({ options }) => [options.User, options.HostConfig!.NetworkMode]);
  expect(scripts).toEqual([
    ["999:999", "none"],
    ["999:999", "none"],
  ]);
});

test("artifacts go through a temporary object store on the vault's network, which is gone afterwards", async () => {
  const { fake, context, steps } = world();
  await restoreAndTakeOver(context, plan, vault, choices("object-store"), steps);
  const server = fake.made.find(({ options }) => options.name === "ultrathink-object-store-restore")!;
  expect(server.options.HostConfig).toMatchObject({
    NetworkMode: "ultrathink-vault",
    Binds: ["infrastructure_mlflow_artifacts:/srv/object-store"],
  });
  expect(server.options.Cmd![0]).toContain("/srv/object-store/restore/data");
  expect(fake.events).toContain("remove ultrathink-object-store-restore");
  const call = fake.calls.find(({ command }) => command[0] === "restore-artifacts")!;
  expect(call.command).toEqual(expect.arrayContaining(["--endpoint", "https://ultrathink-object-store-restore:9000"]));
});

test("a volume that is not there is made with the program's labels", async () => {
  const { fake, context, steps } = world({ volumes: [] });
  await restoreAndTakeOver(context, plan, vault, choices("redis-queue"), steps);
  expect(fake.events.slice(0, 3)).toEqual(["create volume infrastructure_redis_queue_data", "create carrier", "remove carrier"]);
});

describe("when one backup is refused", () => {
  const answer = ({ command }: Call): Said | undefined =>
    command[0] === "restore-redis" ? { code: 3, err: "redis-queue/20261124T003000Z.rdb: truncated\n" } : undefined;
  const failing = (options: FakeOptions = {}) =>
    world({ ...options, answer: call => answer(call) ?? (call.command[0]!.startsWith("restore-") ? restoredLine : {}) });

  test("nothing takes over, not even what could be restored, and the message names the file and why", async () => {
    const { fake, context, steps } = failing({ containers: running });
    await expect(restoreAndTakeOver(context, plan, vault, choices(), steps)).rejects.toMatchObject({
      outcome: "refused",
      message: expect.stringContaining("redis-queue/20261124T003000Z.rdb: truncated"),
    });
    expect(fake.events.filter(event => /^stop|take-over/.test(event))).toEqual([]);
    expect(fake.events.filter(event => event === "start ultrathink-redis-queue-ready")).toHaveLength(2);
  });

  test("a volume that was made for it is gone again", async () => {
    const { fake, context, steps } = failing({ volumes: [] });
    await expect(restoreAndTakeOver(context, plan, vault, choices("redis-queue"), steps)).rejects.toMatchObject({ outcome: "refused" });
    expect([...fake.volumes]).toEqual([]);
  });
});

test("a damaged newest backup is named, with the one that was used instead", async () => {
  const { lines, context, steps } = world({
    answer: ({ command }) =>
      command[0] === "restore-redis"
        ? { out: '{"id":"20261123T003000Z","fellBack":[{"id":"20261124T003000Z","file":"redis-queue/20261124T003000Z.rdb","why":"is truncated"}]}\n' }
        : {},
  });
  await restoreAndTakeOver(context, plan, vault, choices("redis-queue"), steps);
  expect(lines.join("")).toContain(
    "redis-queue: backup 20261124T003000Z cannot be used (redis-queue/20261124T003000Z.rdb is truncated); 20261123T003000Z is the one before",
  );
});

describe("into a new place", () => {
  test("a volume must not be there yet", async () => {
    const { context, steps } = world({ volumes: ["taken"] });
    await expect(restoreInto(context, plan, vault, choices("redis-queue")[0]!, "taken", steps)).rejects.toMatchObject({ outcome: "usage" });
    const fresh = world();
    expect(await restoreInto(fresh.context, plan, vault, choices("redis-queue")[0]!, "beside", fresh.steps)).toBe("volume beside");
    expect(fresh.fake.calls.map(({ command }) => command)).toEqual([["restore-redis", "--dir", "/data"]]);
  });

  test("a database is made from the dump, in the running server", async () => {
    const { fake, context, steps } = world({ containers: { "ultrathink-backup": {} } });
    expect(await restoreInto(context, plan, vault, choices("timescaledb")[0]!, "recovery", steps)).toBe(
      "database recovery of ultrathink-timescaledb",
    );
    expect(fake.calls).toEqual([{ container: "ultrathink-backup", command: ["backup", "restore-dump", "--database", "recovery"], input: "" }]);
  });

  test("without its sidecar it says what to do", async () => {
    const { context, steps } = world();
    await expect(restoreInto(context, plan, vault, choices("timescaledb")[0]!, "recovery", steps)).rejects.toThrow(
      /ultrathink-backup is not there[^]*bin\/ops up/,
    );
  });
});
