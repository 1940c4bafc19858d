import { join } from "node:path";
import { type Context, stopIfCancelled, withEngine } from "../context";
import { CommandFailure } from "../exit";
import { Progress } from "../progress";
import { type Explained, changeReport, explain, failOnViolations } from "../report";
import type { OpenStack } from "../stack";
import { defineCommand, noOptions } from "./command";

/** The policy pack and the profile by which a stack is judged: where data may be deleted, some rules only warn. */
export function policies(root: string, { backend, disposable }: { backend: string; disposable: boolean }) {
  const pack = join(root, "policies");
  const profile = backend === "docker" && disposable ? "dev" : "prod";
  return { policyPacks: [pack], policyPackConfigs: [join(pack, "profiles", `${profile}.json`)] };
}

/** Runs a program without making anything, and judges what it would make. Fails on errors; violations are the caller's to report. */
export async function previewOn(context: Context, plan: Explained & { disposable: boolean }, open: OpenStack): Promise<Progress> {
  const began = Date.now();
  const progress = new Progress(new Set(plan.services.map(({ name }) => name)), () => (Date.now() - began) / 1000);
  try {
    await open.stack.preview({
      ...policies(context.root, plan),
      signal: context.engineSignal,
      onEvent: event => void progress.apply(event),
    });
  } catch (error) {
    stopIfCancelled(context);
    // A violation makes the engine fail too; it is reported as itself.
    if (!progress.violations.some(({ mandatory }) => mandatory)) {
      if (progress.failures.length === 0) throw error;
      throw new CommandFailure("failed", await explain(context, plan, progress.failures));
    }
  }
  return progress;
}

export const preview = defineCommand({
  summary: "Show what `up` would change, judged by the policies; changes nothing",
  examples: [
    ["bin/ops preview", "what is different between the declaration and the running stack"],
    ["bin/ops preview --stack prod", "a stack that is not up yet is previewed from an empty state"],
  ],
  validate: noOptions,
  run: context =>
    withEngine(context, {}, async session => {
      const { logger } = context;
      const judge = (open: OpenStack) => previewOn(context, session.plan, open);
      const progress = session.exists ? await judge(await session.open("select")) : await session.onEmpty(judge);
      if (!session.exists) logger.note(`${context.stack} has no state yet: previewed from an empty one`);
      logger.result(progress.changes.length === 0 ? "No changes." : `${changeReport(progress.changes)}\n${progress.changes.length} changes.`);
      failOnViolations(progress.violations);
    }),
});
