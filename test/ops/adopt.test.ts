import { adoptDatabase } from "../../ops/adopt";
import type { Context } from "../../ops/context";
import { createLogger } from "../../ops/logger";
import { FakeDocker, type FakeOptions } from "./support/docker";
import { ultrathinkPlan } from "./support/plan";

const VOLUME = "infrastructure_timescale_data";

async function adopt(options: FakeOptions) {
  const fake = new FakeDocker(options);
  const lines: string[] = [];
  const logger = createLogger({ out: text => lines.push(text), err: text => lines.push(text) });
  await adoptDatabase({ docker: fake.docker, stack: "dev", logger, signal: new AbortController().signal } as Context, ultrathinkPlan());
  return { fake, text: lines.join("") };
}

test("a database whose volume has outlived the state is marked, so that it gets new passwords, and it is said", async () => {
  const { fake, text } = await adopt({ volumes: [VOLUME], answer: () => ({ out: "marked\n" }) });
  expect(fake.calls[0]!.command[0]).toContain("touch restored");
  expect(fake.made[0]!.options.HostConfig).toMatchObject({ NetworkMode: "none", Binds: [`${VOLUME}:/home/postgres/pgdata`] });
  expect(text).toContain(`${VOLUME} has outlived the state that knew its passwords`);
});

test("an empty volume is left alone without a word, and one that is not there is not looked for", async () => {
  expect((await adopt({ volumes: [VOLUME] })).text).toBe("");
  expect((await adopt({})).fake.events).toEqual([]);
});

test("a volume that cannot be marked stops the up", async () => {
  await expect(adopt({ volumes: [VOLUME], answer: () => ({ code: 1 }) })).rejects.toMatchObject({ outcome: "failed" });
});
