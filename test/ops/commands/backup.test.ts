import type { Project } from "../../../ops/project";
import { execute } from "../../../ops/cli";
import { createLogger } from "../../../ops/logger";
import { officialToolchain } from "../../../ops/toolchain";
import { FakeDocker, type FakeOptions } from "../support/docker";
import { ultrathinkPlan } from "../support/plan";
import { STACK, makeRoot } from "../support/project";

let checkout: ReturnType<typeof makeRoot>;
beforeEach(() => (checkout = makeRoot({})));
afterEach(() => checkout.end());

async function backup(options: FakeOptions, ...jobs: string[]) {
  const fake = new FakeDocker({ containers: { "ultrathink-backup": {} }, ...options });
  const lines: string[] = [];
  const logger = createLogger({ out: text => lines.push(text), err: text => lines.push(text) });
  const project = () => Promise.resolve({ plan: () => ultrathinkPlan() } as unknown as Project);
  const code = await execute(["backup", ...jobs, "--stack", STACK], officialToolchain("a test"), {
    logger,
    root: checkout.root,
    docker: fake.docker,
    tty: false,
    project,
  });
  return { code, text: lines.join(""), fake };
}

const line = (job: string, phase: string, message?: string) =>
  `${JSON.stringify({ job, id: phase === "Completed" ? "20261124T020000Z" : null, phase, seconds: 75, bytes: 3 * 1024 ** 2, message })}\n`;

test("every job that is declared is made, one after the other, and the table says what was done", async () => {
  const { code, text, fake } = await backup({ answer: ({ command }) => ({ out: line(command[2]!, "Completed") }) });
  expect(code).toBe(0);
  expect(fake.calls.map(({ command }) => command.join(" "))).toEqual(ultrathinkPlan().backups!.jobs.map(({ name }) => `backup run ${name}`));
  expect(text).toMatch(/timescaledb +20261124T020000Z +Completed +1m15s +3M\n/);
  expect(text).toMatch(/\[[\d.]+s\] Backing up redis-queue: done after/);
});

test.each(["PartiallyFailed", "Failed"])("a job that ended as %s ends the command with 1, with why", async phase => {
  const { code, text } = await backup({ answer: () => ({ code: 1, out: line("redis-queue", phase, "the vault does not answer") }) }, "redis-queue");
  expect(code).toBe(1);
  expect(text).toMatch(new RegExp(`redis-queue ended as ${phase}: the vault does not answer\nWhat is not Completed is no backup`));
});

test("a program that says nothing is a failure, with what it complained about", async () => {
  const { code, text } = await backup({ answer: () => ({ code: 2, err: "backup.json: jobs: missing\n" }) }, "redis-queue");
  expect(code).toBe(1);
  expect(text).toContain("backup.json: jobs: missing");
});

test("a job that is not declared is refused with those that are", async () => {
  const { code, text, fake } = await backup({}, "grafana");
  expect(code).toBe(2);
  expect(text).toMatch(/there is no job grafana; there are timescaledb, timescaledb-dump, redis-queue/);
  expect(fake.calls).toEqual([]);
});

test("without its sidecar nothing is tried, and the message says what to do", async () => {
  const { code, text } = await backup({ containers: { "ultrathink-backup": { running: false } } });
  expect(code).toBe(1);
  expect(text).toContain("ultrathink-backup is exited, and it makes the backups; `bin/ops up` brings it up");
});
