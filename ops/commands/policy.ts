import { execFile } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type EngineEvent, PulumiCommand } from "@pulumi/pulumi/automation";
import { type Context, NOTHING_UP, type Session, withEngine } from "../context";
import { CommandFailure } from "../exit";
import { Progress, type Violation } from "../progress";
import { failOnViolations, violationReport, violationSummary } from "../report";
import { onEmptyStack } from "../stack";
import { explained, vaultPlan } from "../vault";
import { hasVault } from "../workspace";
import { preparePlace, readPlace, vaultPlace } from "../workspace";
import { defineCommand } from "./command";
import { policies, previewOn } from "./preview";

interface PolicyOptions {
  /** `true`: the stack's own state; a path: an exported one. @default - a preview from an empty state */
  state?: string | true;
  /** File that a summary in Markdown is appended to. */
  summary?: string;
}

interface Judgement {
  /** What was judged, as the summary's heading says it. */
  subject: string;
  violations: Violation[];
}

export const policy = defineCommand<PolicyOptions>({
  summary: "Judge the stack by the policy pack: a preview from an empty state, without credentials, or a state that exists",
  examples: [
    ["bin/ops policy --stack prod", "what a pull request is checked with: the stack, and the vault of its backups"],
    ["bin/ops policy --stack prod --summary summary.md", "the same, and a table of the violations in Markdown"],
    ["bin/ops policy --state", "what is there now, by the stack's own state; the program is not run"],
    ["bin/ops policy --stack prod --state export.json", "a state that `pulumi stack export` wrote"],
  ],
  declare: command =>
    void command
      .option("--state [file]", "judge the stack's own state, or one that was exported, instead of a preview")
      .option("--summary <file>", "append what was found as Markdown"),
  validate: (_, raw) => ({ state: raw.state as string | true | undefined, summary: raw.summary as string | undefined }),
  run: (context, { state, summary }) =>
    withEngine(
      context,
      {},
      async session => {
        const judgements = state ? [await judgeState(context, session, state)] : await judgePreviews(context, session);
        if (summary) {
          for (const { subject, violations } of judgements) appendFileSync(summary, violationSummary(`${context.stack}: ${subject}`, violations));
        }
        const violations = judgements.flatMap(judgement => judgement.violations);
        failOnViolations(violations);
        if (violations.length > 0) context.logger.result(violationReport(violations));
        for (const { subject } of judgements) context.logger.result(`${subject} judged, no violation.`);
      },
      state === true ? "asked" : "ignored",
    ),
});

/** The stack, and the vault of its backups where it has one. */
async function judgePreviews(context: Context, session: Session): Promise<Judgement[]> {
  const own = await session.onEmpty(open => previewOn(context, session.plan, open));
  const judgements = [judgementOf("resources", own)];
  if (hasVault(context)) judgements.push(judgementOf("resources of the vault", await previewVault(context, session)));
  return judgements;
}

const judgementOf = (what: string, { changes, violations }: Progress): Judgement => ({ subject: `${changes.length} ${what}`, violations });

async function previewVault(context: Context, { prepared }: Session): Promise<Progress> {
  const { stack, root } = context;
  const place = vaultPlace(stack, root);
  const { provider, disposable } = await vaultPlan(context);
  const { program } = await context.vault();
  const folder = preparePlace(place, stack, readPlace(place, stack, {}));
  return onEmptyStack(stack, folder, program, prepared, open => previewOn(context, { ...explained, backend: provider, disposable }, open));
}

/** Judges resources as they are, by the engine's own analysis: neither the program nor a provider is asked. */
async function judgeState(context: Context, session: Session, state: string | true): Promise<Judgement> {
  const { root, engineSignal } = context;
  const folder = mkdtempSync(join(session.folder.path, "judged-"));
  try {
    const file = state === true ? await exportState(session, folder) : resolve(state);
    const { policyPacks, policyPackConfigs } = policies(root, session.plan);
    const args = [
      ...["policy", "analyze", "--file", file, "--json"],
      ...policyPacks.flatMap(pack => ["--policy-pack", pack]),
      ...policyPackConfigs.flatMap(config => ["--policy-pack-config", config]),
    ];
    const { command } = session.prepared.pulumiCommand ?? (await PulumiCommand.get());
    const options = { cwd: folder, env: { ...process.env, ...session.prepared.env }, signal: engineSignal, maxBuffer: 256 * 1024 * 1024 };
    // It ends with 1 on a violation as on any other failure; what it said tells them apart.
    const { stdout, stderr } = await promisify(execFile)(command, args, options).catch((error: Error & { stdout?: string; stderr?: string }) => ({
      stdout: error.stdout ?? "",
      stderr: error.stderr ?? error.message,
    }));
    const events = stdout
      .split("\n")
      .filter(line => line.startsWith("{"))
      .map(line => JSON.parse(line) as EngineEvent);
    if (!events.some(({ summaryEvent }) => summaryEvent)) throw new CommandFailure("failed", `${file} was not judged:\n${stderr.trim()}`);
    const progress = new Progress(new Set(), () => 0);
    for (const event of events) progress.apply(event);
    return { subject: state === true ? "The stack's state" : state, violations: progress.violations };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Secrets in it stay encrypted: the policies see a word in their place. */
async function exportState(session: Session, folder: string): Promise<string> {
  if (!session.exists) throw new CommandFailure("usage", NOTHING_UP);
  const { stack } = await session.open("select");
  const file = join(folder, "state.json");
  writeFileSync(file, JSON.stringify(await stack.exportStack()), { mode: 0o600 });
  return file;
}
