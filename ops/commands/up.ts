import { type Context, type Session, declaredPlan, imagesOf, stopIfCancelled, withEngine } from "../context";
import { checkMachine } from "../doctor";
import { CommandFailure } from "../exit";
import { clearEngineLocks, engineLocks, holding } from "../locks";
import { Progress, duration } from "../progress";
import type { StackPlan } from "../project";
import { readRecord, writeRecord } from "../record";
import { keepPatchedSwitches } from "../release/patched";
import { type Renderer, createRenderer } from "../render";
import { changeReport, explain, failOnViolations, table } from "../report";
import { runtimeOf } from "../runtime";
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
  const runtime = runtimeOf(context, plan);
  for (const { name, leftOut } of plan.services) if (leftOut) logger.note(`Leaving out ${name}: ${leftOut}`);
  await runtime.require();
  if (plan.backups && plan.backend === "docker") await bringUpVault(context, session.prepared);
  stopIfCancelled(context);
  await clearEngineLocks(() => engineLocks(folder.backend, folder.project, stack), context.host, logger.note);
  const open = await session.open("create");
  await runtime.clear(open);
  if (!session.exists) await runtime.adopt();
  await keepPatchedSwitches(context, session, open);
  stopIfCancelled(context);

  const record = { ...readRecord(folder.path), leaveOut: session.prepared.leaveOut };
  // Before anything is made, so that a preview after a failed `up` knows it too.
  writeRecord(folder.path, record);
  // The engine judges the stack as a whole only after it has made it; a preview is judged before.
  logger.note("Judging the plan by the policies before anything is made");
  failOnViolations((await previewOn(context, session.plan, open)).violations);
  const began = Date.now();
  const elapsed = () => (Date.now() - began) / 1000;
  const progress = new Progress(servicesOf(plan), elapsed);
  const renderer = createRenderer(`Bringing up ${stack}`, { progress, elapsed, lastRun: record.upSeconds }, logger, context.tty);
  let outputs: Record<string, unknown>;
  try {
    outputs = await deploy(context, session, open, progress, renderer);
    const ill = await runtime.settle(names => renderer.phase(`waiting for the health of ${names.join(", ")}`));
    if (ill.length > 0) throw new CommandFailure("deviated", ill.join("\n\n"));
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

/** Names under which the engine makes the services: on Kubernetes those of their controllers. */
const servicesOf = ({ backend, services }: StackPlan): Set<string> =>
  new Set(services.filter(({ leftOut }) => !leftOut).map(({ name, controller }) => (backend === "kubernetes" ? controller : name)));

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
