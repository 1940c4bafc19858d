import type { PlannedRelease } from "../../../ops/project";
import { findingOf } from "../../../ops/release/patched";

const version = (version: string) => ({ image: `registry.example/inference:${version}`, version });
const release = (live: string, candidate = true): PlannedRelease => ({
  service: "inference-service",
  next: "inference-service-next",
  port: 8080,
  smoke: ["/health"],
  stable: version("1.4.2"),
  ...(candidate ? { candidate: version("1.5.0") } : {}),
  live,
});

test.each([
  ["nothing was patched", release("1.4.2"), "1.4.2", "1.4.2"],
  ["the stack's file asks for a switch", release("1.5.0"), "1.4.2", "1.4.2"],
  ["the patch is what the file asks for", release("1.5.0"), "1.4.2", "1.5.0"],
  ["there is no such Service yet", release("1.4.2", false), undefined, undefined],
  ["it selected no version before", release("1.4.2", false), undefined, "1.4.2"],
  ["it selects no version now", release("1.4.2", false), "1.4.2", undefined],
])("%s: the update goes on", (_, planned, left, found) => {
  expect(findingOf(planned, left, found)).toEqual({ kind: "as-left" });
});

test("a patch to a version that runs is kept, and said with the way back", () => {
  expect(findingOf(release("1.4.2"), "1.4.2", "1.5.0")).toEqual({
    kind: "adopt",
    message:
      "Service inference-service was switched from 1.4.2 to 1.5.0 by hand: kept, and written into the stack's file. `bin/ops rollback inference-service` gives clients 1.4.2.",
  });
});

test.each([
  ["a version that nothing runs", release("1.4.2"), "1.4.2", "9.9.9", /from 1\.4\.2 to 9\.9\.9 by hand, which nothing runs: clients get no answer/],
  ["a candidate that is gone", release("1.4.2", false), "1.4.2", "1.5.0", /which nothing runs/],
  ["another version than the file now asks for", release("1.5.0"), "1.5.0-rc", "1.4.2", /the stack's file says 1\.5\.0/],
])("a patch to %s stops the update", (_, planned, left, found, message) => {
  const finding = findingOf(planned, left, found);
  expect(finding).toMatchObject({ kind: "stop", message: expect.stringMatching(message) as string });
});
