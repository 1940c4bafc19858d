import { adoptDatabase } from "../adopt";
import { type Context, type Session, declaredPlan, imagesOf, stopIfCancelled, withEngine } from "../context";
import { requireDocker } from "../docker";
import { checkMachine } from "../doctor";
import { CommandFailure } from "../exit";
import { type Ill, missing, settle, stackHealth } from "../health";
import { clearLeftovers } from "../leftovers";
import { clearEngineLocks, engineLocks, holding } from "../locks";
import { Progress, duration } from "../progress";
import type { StackPlan } from "../project";
import { readRecord, writeRecord } from "../record";
import { keepPatchedSwitches } from "../release/patched";
import { type Renderer, createRenderer } from "../render";
import { changeReport, explain, failOnViolations, logTail, table } from "../report";
import type { OpenStack } from "../stack";
import { bringUpVault } from "../vault";
import { workFolder } from "../workspace";
import { defineCommand, noOptions } from "./command";
import { policies, previewOn } from "./preview";

export const up = defineCommand({
  summary: "Bring the stack up and return when everything is healthy",
  examples: [
    ["bin/ops up", "bring the dev stack up; again, it changes nothing and says so"],
    ["bin/ops up --stack staging", "another stack, by the name of its Pulumi.<stack>.yaml"],
  ],
  validate: noOptions,
  async run(context) {
    const planned = await declaredPlan(context);
    await checkMachine(context, planned);

    // Impact: from here on things are made and removed.
    const folder = workFolder(context.stack, context.root).path;
    await holding(folder, context.host, context.logger.note, () => {
      return withEngine(context, imagesOf(planned), session => bringUp(context, session));
    });
  },
});

async function bringUp(context: Context, session: Session): Promise<void> {
  const { logger, stack } = context;
  const { plan, folder } = session;
  const onDocker = plan.backend === "docker";
  for (const { name, leftOut } of plan.services) if (leftOut) logger.note(`Leaving out ${name}: ${leftOut}`);
  if (onDocker) await requireDocker(context.docker);
  if (plan.backups && onDocker) await bringUpVault(context, session.prepared);
  stopIfCancelled(context);
  await clearEngineLocks(() => engineLocks(folder.backend, folder.project, stack), context.host, logger.note);
  const open = await session.open("create");
  if (onDocker) await clearLeftovers(context, open);
  if (onDocker && !session.exists) await adoptDatabase(context, plan);
  await keepPatchedSwitches(context, session, open);
  stopIfCancelled(context);

  const record = { ...readRecord(folder.path), leaveOut: session.prepared.leaveOut };
  // Before anything is made, so that a preview after a failed `up` knows it too.
  writeRecord(folder.path, record);
  // The engine judges the stack as a whole only after it has made it; a preview is judged before.
  logger.note("Judging the plan by the policies before anything is made");
  failOnViolations((await previewOn(context, session, open)).violations);
  const began = Date.now();
  const elapsed = () => (Date.now() - began) / 1000;
  const progress = new Progress(new Set(plan.services.filter(({ leftOut }) => !leftOut).map(({ name }) => name)), elapsed);
  const renderer = createRenderer(`Bringing up ${stack}`, { progress, elapsed, lastRun: record.upSeconds }, logger, context.tty);
  let outputs: Record<string, unknown>;
  try {
    outputs = await deploy(context, session, open, progress, renderer);
    if (onDocker) await expectHealth(context, plan, renderer);
  } catch (error) {
    await renderer.finish(false);
    throw error;
  }
  await renderer.finish(true);
  writeRecord(folder.path, {
    ...record,
    // Only a run that made every service says how long the next such run takes.
    upSeconds: [...progress.ready.values()].every(seconds => seconds > 0) ? elapsed() : record.upSeconds,
    serviceSeconds: { ...record.serviceSeconds, ...Object.fromEntries([...progress.ready].filter(([, seconds]) => seconds > 0)) },
  });
  report(context, plan, progress, outputs, elapsed());
}

async function deploy(context: Context, session: Session, open: OpenStack, progress: Progress, renderer: Renderer): Promise<Record<string, unknown>> {
  try {
    const result = await open.stack.up({
      refresh: true,
      ...policies(context.root, session.plan),
      signal: context.engineSignal,
      onEvent(event) {
        const service = progress.apply(event);
        if (service) renderer.ready(service);
      },
    });
    return Object.fromEntries(Object.entries(result.outputs).map(([key, { value, secret }]) => [key, secret ? undefined : (value as unknown)]));
  } catch (error) {
    stopIfCancelled(context);
    failOnViolations(progress.violations);
    if (progress.failures.length === 0) throw error;
    context.logger.hide(await open.secrets());
    throw new CommandFailure("failed", await explain(context, session.plan, progress.failures));
  }
}

/** The engine saw each service healthy once; this sees all of them healthy together. */
async function expectHealth(context: Context, plan: StackPlan, renderer: Renderer): Promise<void> {
  const read = () => stackHealth(context.docker, context.stack);
  const ill = await settle(read, names => renderer.phase(`waiting for the health of ${names.join(", ")}`), context.signal);
  stopIfCancelled(context);
  const absent = missing(plan.services, await read());
  if (ill.length === 0 && absent.length === 0) return;
  const reasons = await Promise.all(ill.map(one => illReport(context, one)));
  throw new CommandFailure("deviated", [...reasons, ...absent.map(name => `${name} has no container. \`bin/ops up\` makes it.`)].join("\n\n"));
}

async function illReport(context: Context, { container, reason }: Ill): Promise<string> {
  const output = container.health?.lastOutput ? `\nIts last health check said: ${container.health.lastOutput}` : "";
  return `${container.service} is not healthy: ${reason}.${output}${await logTail(context, container.name)}\nMore: bin/ops logs ${container.service} --tail 200; docs/runbook.md has its section. \`bin/ops up\` repairs a container that is gone or stopped.`;
}

function report(context: Context, plan: StackPlan, progress: Progress, outputs: Record<string, unknown>, seconds: number): void {
  const { logger } = context;
  const pairs = (key: string) => Object.entries((outputs[key] ?? {}) as Record<string, unknown>);
  const warnings = progress.violations.filter(({ mandatory }) => !mandatory);
  if (warnings.length > 0) logger.note(`${warnings.length} policy warnings; bin/ops policy lists them`);
  const addresses = pairs("addresses").map(([service, address]) => [service, String(address)]);
  if (addresses.length > 0) logger.result(table(["SERVICE", "ADDRESS"], addresses));
  for (const [service, reason] of pairs("leftOut")) logger.result(`Left out: ${service} (${String(reason)})`);
  for (const [service, cpu] of pairs("clamped")) {
    const { declared, effective } = cpu as { declared: number; effective: number };
    logger.result(`Clamped: ${service} gets ${effective} CPU instead of ${declared}, all that this host has`);
  }
  const count = plan.services.filter(({ job, leftOut }) => !job && !leftOut).length;
  if (progress.changes.length === 0) logger.result(`Nothing changed: ${count} services are up and healthy.`);
  else {
    const beyondNew = progress.changes.filter(({ operation }) => operation !== "create");
    if (beyondNew.length > 0) logger.note(changeReport(beyondNew));
    logger.result(`${count} services are up and healthy after ${duration(seconds)}; ${progress.changes.length} changes.`);
  }
}
