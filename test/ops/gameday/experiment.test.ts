import { type Action, type Procedure, type Probe, run } from "../../../ops/gameday/experiment";
import { Steps } from "../../../ops/steps";

let done: string[];
let cancel: AbortController;
beforeEach(() => {
  done = [];
  cancel = new AbortController();
});

const act = (name: string, work: () => void = () => undefined): Action => ({
  name,
  run: () => {
    done.push(name);
    work();
    return Promise.resolve();
  },
});
const fails = (name: string) =>
  act(name, () => {
    throw new Error(`${name} went wrong`);
  });
const ask = (name: string, held = true): Probe => ({
  name,
  ask: () => {
    done.push(name);
    return Promise.resolve({ held, expected: "yes", found: held ? "yes" : "no" });
  },
});

function experiment(procedure: Partial<Procedure>, steadyState: Probe[] = [ask("steady")]) {
  return run({
    procedure: { method: [act("break")], verification: [ask("verified")], rollbacks: [act("undo"), act("tidy")], ...procedure },
    steadyState,
    steps: new Steps(() => undefined),
    signal: cancel.signal,
    recovered: () => done.push("recovered"),
  });
}

test("an experiment goes from steady state over method and verification to the steady state again, and rolls back", async () => {
  const outcome = await experiment({});
  expect(done).toEqual(["steady", "break", "verified", "steady", "recovered", "undo", "tidy"]);
  expect(outcome).toMatchObject({ status: "completed", deviated: false });
  expect(outcome.steps.map(({ phase, name }) => `${phase}: ${name}`)).toEqual([
    "steady state: steady",
    "method: break",
    "verification: verified",
    "steady state again: steady",
    "rollbacks: undo",
    "rollbacks: tidy",
  ]);
});

test("without its steady state nothing is injected, and nothing is rolled back", async () => {
  const outcome = await experiment({}, [ask("steady"), ask("vault", false)]);
  expect(done).toEqual(["steady", "vault"]);
  expect(outcome).toMatchObject({ status: "aborted", deviated: false });
});

test("a probe that cannot ask has not found that it holds", async () => {
  const broken: Probe = { name: "broken", ask: () => Promise.reject(new Error("connection refused")) };
  const outcome = await experiment({}, [broken]);
  expect(outcome.status).toBe("aborted");
  expect(outcome.steadyState.before).toEqual([{ name: "broken", held: false, expected: "an answer", found: "connection refused" }]);
});

test("what does not verify deviates: the experiment has run, the system has not held; every probe is asked", async () => {
  const outcome = await experiment({ verification: [ask("first", false), ask("second")] });
  expect(outcome).toMatchObject({ status: "completed", deviated: true });
  expect(outcome.verification.map(({ name, held }) => [name, held])).toEqual([
    ["first", false],
    ["second", true],
  ]);
});

test("a steady state that does not come back deviates", async () => {
  let held = true;
  const flips: Probe = { name: "steady", ask: () => Promise.resolve({ held, expected: "yes", found: "" }) };
  expect(await experiment({ method: [act("break", () => (held = false))] }, [flips])).toMatchObject({ status: "completed", deviated: true });
});

test("a failed step ends the method, and says nothing about the system; the rollbacks run all the same", async () => {
  const outcome = await experiment({ method: [fails("break"), act("never")] });
  expect(done).toEqual(["steady", "break", "undo", "tidy"]);
  expect(outcome).toMatchObject({ status: "failed", deviated: false, error: "break went wrong" });
});

test("a failed rollback does not stop the others", async () => {
  const outcome = await experiment({ rollbacks: [fails("undo"), act("tidy")] });
  expect(done.slice(-2)).toEqual(["undo", "tidy"]);
  expect(outcome).toMatchObject({ status: "completed", deviated: false });
  expect(outcome.steps.find(({ name }) => name === "undo")).toMatchObject({ outcome: "failed", note: "undo went wrong" });
});

test("cancelled, it begins nothing more and rolls back", async () => {
  const outcome = await experiment({ method: [act("break", () => cancel.abort()), act("never")] });
  expect(done).toEqual(["steady", "break", "undo", "tidy"]);
  expect(outcome).toMatchObject({ status: "interrupted", deviated: false });
});
