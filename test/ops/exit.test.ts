import { ConcurrentUpdateError, StackNotFoundError } from "@pulumi/pulumi/automation";
import { CommandFailure, exitCodeHelp, exitCodes, outcomeOf } from "../../ops/exit";

// The SDK's constructors are internal; its errors are recognised by class, never by text.
const sdkError = <T extends object>(type: { prototype: T }): T => Object.create(type.prototype) as T;

test("the exit codes are the documented ones", () => {
  expect(Object.fromEntries(Object.entries(exitCodes).map(([outcome, { code }]) => [outcome, code]))).toEqual({
    ok: 0,
    failed: 1,
    usage: 2,
    deviated: 3,
    prerequisites: 4,
    locked: 5,
    policy: 6,
    unsteady: 7,
    refused: 8,
    gated: 9,
    cancelled: 130,
  });
});

test("help shows every code with its meaning", () => {
  for (const { code, meaning } of Object.values(exitCodes)) expect(exitCodeHelp()).toContain(`${code}  ${meaning}`);
});

test.each([
  [new CommandFailure("policy", "x"), "policy"],
  [sdkError(ConcurrentUpdateError), "locked"],
  [sdkError(StackNotFoundError), "usage"],
  [new Error("x"), "failed"],
  ["a string", "failed"],
])("%p ends as %s", (error, outcome) => {
  expect(outcomeOf(error)).toBe(outcome);
});
