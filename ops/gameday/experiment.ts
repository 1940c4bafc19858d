import { CommandFailure } from "../exit";
import type { StepRecord, Steps } from "../steps";
import type { Tools } from "./tools";

/** What a probe found, against what it tolerates. */
export interface Finding {
  held: boolean;
  expected: string;
  found: string;
}

/** A question to the system; it changes nothing. */
export interface Probe {
  name: string;
  ask(): Promise<Finding>;
}

/** Something that is done to the system. A text that it returns goes into the journal. */
export interface Action {
  name: string;
  run(): Promise<string | void>;
}

/** What one scenario does, in order. Chaos engineering's words: method, verification, rollbacks. */
export interface Procedure {
  /** Injects the failure and does what the runbook says about it. */
  method: Action[];
  verification: Probe[];
  /** Leave the system as it was; all are run, whatever failed before. */
  rollbacks: Action[];
}

/** One page of the disaster runbook that can be run. */
export interface Scenario {
  name: string;
  title: string;
  /** What is believed to hold, in one sentence. */
  hypothesis: string;
  prepare(tools: Tools): Procedure;
}

/** A question and its answer, as the journal keeps them. */
export type Answer = Finding & { name: string };

/** How the experiment went. `status` says whether it ran, `deviated` whether the system broke: two things. */
export interface Outcome {
  /** `aborted`: the steady state was not met, and nothing was injected. `failed`: a step did not work. */
  status: "completed" | "aborted" | "failed" | "interrupted";
  deviated: boolean;
  steadyState: { before: Answer[]; after: Answer[] };
  verification: Answer[];
  steps: StepRecord[];
  /** Why it failed. */
  error?: string;
}

export interface Experiment {
  procedure: Procedure;
  /** Must hold before anything is injected, and again at the end. */
  steadyState: Probe[];
  steps: Steps;
  signal: AbortSignal;
  /** Called once the data is verified and the steady state is back. */
  recovered(): void;
}

/** Runs an experiment. What goes wrong in it is part of the outcome; it does not throw. */
export async function run({ procedure, steadyState, steps, signal, recovered }: Experiment): Promise<Outcome> {
  const outcome: Outcome = { status: "completed", deviated: false, steadyState: { before: [], after: [] }, verification: [], steps: steps.records };
  steps.phase = "steady state";
  outcome.steadyState.before = await askAll(steadyState, steps, signal);
  if (signal.aborted) return { ...outcome, status: "interrupted" };
  if (outcome.steadyState.before.some(({ held }) => !held)) return { ...outcome, status: "aborted" };
  try {
    steps.phase = "method";
    for (const action of procedure.method) {
      if (signal.aborted) throw new CommandFailure("cancelled", "Cancelled.");
      await steps.run(action.name, () => action.run());
    }
    steps.phase = "verification";
    outcome.verification = await askAll(procedure.verification, steps, signal);
    steps.phase = "steady state again";
    outcome.steadyState.after = await askAll(steadyState, steps, signal);
    recovered();
    outcome.deviated = [...outcome.verification, ...outcome.steadyState.after].some(({ held }) => !held);
  } catch (error) {
    outcome.status = signal.aborted ? "interrupted" : "failed";
    outcome.error = (error as Error).message;
  }
  steps.phase = "rollbacks";
  for (const action of procedure.rollbacks) {
    // Its failure is on record; the others are tried all the same.
    await steps.run(action.name, () => action.run()).catch(() => undefined);
  }
  return outcome;
}

async function askAll(probes: Probe[], steps: Steps, signal: AbortSignal): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const probe of probes) {
    if (signal.aborted) break;
    answers.push(await ask(probe, steps));
  }
  return answers;
}

async function ask(probe: Probe, steps: Steps): Promise<Answer> {
  let finding: Finding = { held: false, expected: "an answer", found: "none" };
  await steps
    .run(probe.name, async () => {
      finding = await probe.ask();
      return finding.held ? finding.found : `NOT HELD: expected ${finding.expected}, found ${finding.found}`;
    })
    // A probe that cannot ask has not found that it holds.
    .catch((error: Error) => (finding = { ...finding, found: error.message }));
  return { name: probe.name, ...finding };
}
