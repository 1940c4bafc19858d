import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { commands } from "../../ops/commands";
import { platforms } from "../committed";

interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  concurrency: { group: string; "cancel-in-progress": boolean };
  jobs: Record<
    string,
    {
      permissions?: object;
      "timeout-minutes": number;
      strategy?: { matrix: { stack: string[] } };
      steps: { uses?: string; run?: string; with?: Record<string, unknown>; env?: Record<string, string> }[];
    }
  >;
}

const root = join(__dirname, "../..");
const text = readFileSync(join(root, ".github/workflows/policy.yaml"), "utf8");
const workflow = parse(text) as Workflow;
const steps = Object.values(workflow.jobs).flatMap(job => job.steps);

test("runs on pull requests, reads alone, and never twice for one", () => {
  expect(Object.keys(workflow.on)).toEqual(["pull_request"]);
  expect(workflow.permissions).toEqual({ contents: "read" });
  expect(Object.values(workflow.jobs).filter(({ permissions }) => permissions)).toEqual([]);
  expect(workflow.concurrency).toEqual({ group: expect.stringContaining("github.ref"), "cancel-in-progress": true });
  expect(Object.values(workflow.jobs).filter(job => !(job["timeout-minutes"] <= 30))).toEqual([]);
});

test("names every action by its whole commit, with the version beside it, and leaves no credentials behind", () => {
  const actions = steps.flatMap(({ uses }) => uses ?? []);
  expect(actions.length).toBeGreaterThan(0);
  for (const action of actions) {
    expect(action).toMatch(/@[0-9a-f]{40}$/);
    expect(text).toMatch(new RegExp(`${action} # v\\d+\\.\\d+\\.\\d+$`, "m"));
  }
  for (const step of steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"))) expect(step.with).toEqual({ "persist-credentials": false });
});

test("needs no secret, and puts nothing of the pull request into a script", () => {
  expect(text).not.toMatch(/secrets\./);
  expect(steps.flatMap(({ run }) => run ?? []).filter(run => run.includes("${{"))).toEqual([]);
});

test("judges every committed stack", () => {
  expect(workflow.jobs["judge"]!.strategy!.matrix.stack.sort()).toEqual(platforms.map(({ stack }) => stack).sort());
});

test("runs commands that there are", () => {
  const makefile = readFileSync(join(root, "Makefile"), "utf8");
  for (const run of steps.flatMap(step => step.run ?? [])) {
    const [program, word] = run.split(" ");
    if (program === "bin/ops") expect(Object.keys(commands)).toContain(word);
    else if (program === "make") expect(makefile).toMatch(new RegExp(`^${word}:`, "m"));
    else expect(["npm", "npx"]).toContain(program);
  }
});
