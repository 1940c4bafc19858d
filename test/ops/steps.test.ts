import { Steps } from "../../ops/steps";

let now = 0;
let lines: string[];
let steps: Steps;
beforeEach(() => {
  now = 1_000_000;
  lines = [];
  steps = new Steps(
    line => lines.push(line),
    () => now,
  );
  steps.phase = "method";
});

const after =
  <T>(seconds: number, value: T) =>
  () => {
    now += seconds * 1000;
    return Promise.resolve(value);
  };

test("a step is announced, timed and recorded with what it found", async () => {
  now += 2000;
  expect(await steps.run("write rows", after(75, "100 rows"))).toBe("100 rows");
  expect(lines).toEqual(["[2.0s] write rows", "[1m17s] write rows: done after 1m15s: 100 rows"]);
  expect(steps.records).toEqual([{ phase: "method", name: "write rows", begin: 2, seconds: 75, outcome: "done", note: "100 rows" }]);
});

test("a failed step is recorded with why, and fails", async () => {
  await expect(steps.run("lose a disk", () => Promise.reject(new Error("it is in use")))).rejects.toThrow("it is in use");
  expect(steps.records[0]).toMatchObject({ outcome: "failed", note: "it is in use" });
  expect(lines.at(-1)).toBe("[0.0s] lose a disk: failed after 0.0s");
});

test("the clock runs on while a step says nothing, and names everything that is being done", async () => {
  jest.useFakeTimers();
  try {
    let end: () => void = () => undefined;
    const both = Promise.all([
      steps.run("restore the database", () => new Promise<void>(resolve => (end = resolve))),
      steps.run("restore the queue", () => new Promise<void>(() => undefined)),
    ]);
    now += 11_000;
    jest.advanceTimersByTime(1000);
    expect(lines.at(-1)).toBe("[11s] still at it: restore the database, restore the queue");
    end();
    void both;
  } finally {
    jest.useRealTimers();
  }
});
