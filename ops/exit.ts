import { ConcurrentUpdateError, StackNotFoundError } from "@pulumi/pulumi/automation";

/** Why a command ended, as a process exit code; `--help`, docs and tests read this one table. */
export const exitCodes = {
  ok: { code: 0, meaning: "done" },
  failed: { code: 1, meaning: "the operation failed; the message names the resource, why, and what to do" },
  usage: { code: 2, meaning: "wrong arguments or stack config; nothing was created" },
  deviated: { code: 3, meaning: "something is unhealthy, missing or drifted" },
  prerequisites: { code: 4, meaning: "the machine lacks something that the stack needs; nothing was created" },
  locked: { code: 5, meaning: "another operation holds the stack" },
  policy: { code: 6, meaning: "a resource violates a policy; nothing was created that does" },
  unsteady: { code: 7, meaning: "the steady state of a game-day is not met; nothing was injected" },
  refused: { code: 8, meaning: "a backup is damaged, incomplete, foreign or newer; nothing was changed" },
  gated: { code: 9, meaning: "the gate of a release is shut, or its rollback window open; clients get what they got before" },
  cancelled: { code: 130, meaning: "cancelled by the user; running it again converges" },
} as const;

export type Outcome = keyof typeof exitCodes;

/** An end of a command that is not `ok`. The message is meant for people: it says what to do. */
export class CommandFailure extends Error {
  constructor(
    readonly outcome: Exclude<Outcome, "ok">,
    message: string,
  ) {
    super(message);
    this.name = "CommandFailure";
  }
}

/** The outcome of anything that a command threw. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof CommandFailure) return error.outcome;
  if (error instanceof ConcurrentUpdateError) return "locked";
  if (error instanceof StackNotFoundError) return "usage";
  return "failed";
}

/** The table as help shows it. */
export function exitCodeHelp(): string {
  return ["Exit codes:", ...Object.values(exitCodes).map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`)].join("\n");
}
