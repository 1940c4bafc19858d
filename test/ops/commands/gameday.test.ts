import { execute } from "../../../ops/cli";
import { conclude, summary } from "../../../ops/commands/gameday";
import type { Journal } from "../../../ops/gameday/journal";
import { createLogger } from "../../../ops/logger";
import type { Project } from "../../../ops/project";
import { officialToolchain } from "../../../ops/toolchain";
import { FakeDocker } from "../support/docker";
import { journal } from "../support/journal";
import { ultrathinkPlan } from "../support/plan";
import { STACK, makeRoot } from "../support/project";

let checkout: ReturnType<typeof makeRoot>;
beforeEach(() => (checkout = makeRoot({})));
afterEach(() => checkout.end());

async function gameday(disposable: boolean, ...argv: string[]) {
  const fake = new FakeDocker();
  const lines: string[] = [];
  const logger = createLogger({ out: text => lines.push(text), err: text => lines.push(text) });
  const project = () => Promise.resolve({ plan: () => ultrathinkPlan({ disposable }) } as unknown as Project);
  const services = { logger, root: checkout.root, docker: fake.docker, tty: false, project };
  const code = await execute(["gameday", ...argv, "--stack", STACK], officialToolchain("a test"), services);
  return { code, text: lines.join(""), fake };
}

test("a scenario that is not there is refused with those that are", async () => {
  const { code, text } = await gameday(true, "--scenario", "meteor");
  expect(code).toBe(2);
  expect(text).toMatch(/--scenario: "meteor" is not allowed; use redis-lost, [^]*total-loss or all/);
});

test("a stack that is not disposable is never broken", async () => {
  const { code, text, fake } = await gameday(false);
  expect(code).toBe(2);
  expect(text).toMatch(/tops is not disposable[^]*set disposable: true in Pulumi.tops.yaml/);
  expect(fake.events).toEqual([]);
});

const go = { signal: new AbortController().signal };
const outcome = (journals: Journal[], context = go) => {
  try {
    conclude(context, journals);
    return "ok";
  } catch (error) {
    return (error as { outcome: string }).outcome;
  }
};
const bad = { name: "every job is there", held: false, expected: "200 jobs", found: "0 jobs" };
const deviated = journal({ deviated: true, held: false, verification: [bad] });
const unsteady = journal({ status: "aborted", held: false, steadyState: { before: [bad], after: [] } });
const failed = journal({ status: "failed", held: false, error: "no space left", figures: { lossSeconds: 30, data: {} } });

test.each<[string, Journal[], string]>([
  ["everything held", [journal(), journal()], "ok"],
  ["one deviated", [journal(), deviated], "deviated"],
  ["one could not run", [journal(), unsteady], "unsteady"],
  ["one deviated and one could not run after it", [deviated, unsteady], "deviated"],
  ["a step failed", [deviated, failed], "failed"],
])("when %s, the command says so by its exit code", (_, journals, expected) => {
  expect(outcome(journals)).toBe(expected);
});

test("a cancelled one ends as cancelled", () => {
  const cancel = new AbortController();
  cancel.abort();
  expect(outcome([journal({ status: "interrupted", held: false })], { signal: cancel.signal })).toBe("cancelled");
});

test("what deviated is named with what was expected and found; a failed one with the way out", () => {
  expect(() => conclude(go, [deviated])).toThrow('redis-lost: "every job is there" did not hold: expected 200 jobs, found 0 jobs');
  expect(() => conclude(go, [failed])).toThrow(/redis-lost: no space left\n[^]*`bin\/ops restore --stack dev` restores everything/);
  expect(() => conclude(go, [unsteady])).toThrow(/found 0 jobs\nNothing was injected there/);
});

test("the summary has a line for each scenario, with its times", () => {
  expect(summary([journal({ figures: { rtoSeconds: 95, rpoSeconds: 12.3, data: {} } }), deviated])).toMatch(
    /redis-lost +held +2m00s +1m35s +12s\n *redis-lost +deviated/,
  );
});
