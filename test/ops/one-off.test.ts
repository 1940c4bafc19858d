import { type OneOff, createOptions, runOneOff, withOneOff } from "../../ops/one-off";
import { FakeDocker } from "./support/docker";

const spec: OneOff = {
  name: "t-restore",
  image: "ultrathink/backup:0.1.0",
  command: ["list"],
  user: 1000,
  network: "ultrathink-vault",
  volumes: { infrastructure_timescale_data: "/home/postgres/pgdata" },
  files: [
    { path: "/etc/ultrathink/backup.json", content: "{}" },
    { path: "/run/secrets/key", content: "very-secret", secret: true },
  ],
  memory: 512,
  sharedMemory: 256,
};
const go = () => new AbortController().signal;
const quiet = () => undefined;

test("a one-off has no more rights than it needs, a memory limit without swap, and the stack's label", () => {
  expect(createOptions("dev", spec)).toEqual({
    name: "t-restore",
    Image: "ultrathink/backup:0.1.0",
    Cmd: ["list"],
    User: "1000:1000",
    Labels: { "dev.ultrathink.stack": "dev", "dev.ultrathink.one-off": "true" },
    HostConfig: {
      Binds: ["infrastructure_timescale_data:/home/postgres/pgdata"],
      NetworkMode: "ultrathink-vault",
      Memory: 512 * 1024 ** 2,
      MemorySwap: 512 * 1024 ** 2,
      ShmSize: 256 * 1024 ** 2,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      Init: true,
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "3" } },
    },
  });
});

test("without a network it has none at all", () => {
  expect(createOptions("dev", { ...spec, network: undefined }).HostConfig!.NetworkMode).toBe("none");
});

test("its files lie there before it starts, secrets for its user alone; what it says is passed on; it is removed", async () => {
  const fake = new FakeDocker({ answer: () => ({ code: 3, out: '{"a":1}\n{"b":2}\n', err: "reading\n" }) });
  const notes: string[] = [];
  const result = await runOneOff(fake.docker, "dev", spec, line => notes.push(line), go());
  expect(result).toEqual({ code: 3, lines: ['{"a":1}', '{"b":2}'] });
  expect(notes).toEqual(["reading"]);
  expect(fake.made[0]!.uploads).toEqual([
    { path: "/etc/ultrathink/backup.json", content: "{}", mode: 0o444, uid: 0 },
    { path: "/run/secrets/key", content: "very-secret", mode: 0o400, uid: 1000 },
  ]);
  expect(fake.events).toEqual(["create t-restore", "start t-restore", "remove t-restore"]);
  expect(JSON.stringify(fake.made[0]!.options)).not.toContain("very-secret");
});

test("it is removed when it cannot be started", async () => {
  const fake = new FakeDocker({ failAt: "start t-restore" });
  await expect(runOneOff(fake.docker, "dev", spec, quiet, go())).rejects.toThrow("start t-restore failed");
  expect(fake.events.at(-1)).toBe("remove t-restore");
});

test("it is removed when what is done beside it fails", async () => {
  const fake = new FakeDocker();
  await expect(withOneOff(fake.docker, "dev", spec, go(), () => Promise.reject(new Error("no answer")))).rejects.toThrow("no answer");
  expect(fake.events).toEqual(["create t-restore", "start t-restore", "remove t-restore"]);
});

test("cancelled, it is ended and removed", async () => {
  const cancel = new AbortController();
  const fake = new FakeDocker({
    answer: () => {
      cancel.abort();
      return { code: 137 };
    },
  });
  await expect(runOneOff(fake.docker, "dev", spec, quiet, cancel.signal)).rejects.toMatchObject({ outcome: "cancelled" });
  expect(fake.events).toEqual(["create t-restore", "start t-restore", "kill t-restore", "remove t-restore"]);
});

test("what an interrupted run left is removed first; a stranger with its name is not touched", async () => {
  const left = new FakeDocker({ containers: { "t-restore": { labels: { "dev.ultrathink.one-off": "true" } } } });
  await runOneOff(left.docker, "dev", spec, quiet, go());
  expect(left.events.slice(0, 2)).toEqual(["remove t-restore", "create t-restore"]);
  const stranger = new FakeDocker({ containers: { "t-restore": {} } });
  await expect(runOneOff(stranger.docker, "dev", spec, quiet, go())).rejects.toThrow("the name t-restore is taken");
  expect(stranger.events).toEqual([]);
});
