import type { UpdateSummary } from "@pulumi/pulumi/automation";
import { NOTHING_UP, plan, stopIfCancelled, type Context, type Session } from "../context";
import { CommandFailure } from "../exit";
import { Progress, type Change } from "../progress";
import type { PlannedRelease, PlannedReleases, StackPlan } from "../project";
import { explain } from "../report";
import { nameOf, type OpenStack } from "../stack";
import { Steps } from "../steps";
import { StackFile, type Wanted } from "./stack-file";
import { clusterTraffic, type Traffic } from "./traffic";

/** Everything that a release works with. */
export interface Desk {
  context: Context;
  session: Session;
  open: OpenStack;
  traffic: Traffic;
  file: StackFile;
  steps: Steps;
  releases: PlannedReleases;
}

/** @throws CommandFailure `usage` for a stack that was never up */
export async function openDesk(context: Context, session: Session): Promise<Desk> {
  if (!session.exists) throw new CommandFailure("usage", NOTHING_UP);
  const { plan, folder } = session;
  return {
    context,
    session,
    open: await session.open("select"),
    traffic: await clusterTraffic(plan.cluster!),
    file: new StackFile(context.root, context.stack, folder.project),
    steps: new Steps(context.logger.note),
    releases: plan.releases!,
  };
}

/** Where a service's release stands by the stack's file as it is now. The engine's copy of it is brought up to date. */
export function standing({ context, session }: Desk, service: string): PlannedRelease {
  const { settings } = session.prepareFolder();
  return released(plan(context, session.project, settings), service);
}

/** @throws CommandFailure `usage` for a service that is not released by a switch */
export function released({ releases, backend }: StackPlan, service: string): PlannedRelease {
  const services = releases?.services ?? [];
  const found = services.find(each => each.service === service);
  if (!found) {
    const names = services.map(each => each.service).join(", ") || "none";
    throw new CommandFailure(
      "usage",
      `"${service}" is not released by a switch; released are ${names}. On ${backend}, \`bin/ops up\` brings up the rest.`,
    );
  }
  return found;
}

/** @throws CommandFailure `usage` for a stack that has nowhere to put a second version */
export function requireSwitch(planned: StackPlan, command: string): void {
  if (planned.cluster) return;
  throw new CommandFailure(
    "usage",
    `${command}: the stack's backend is ${planned.backend}, which runs one version of a service. Name another in \`images\` of the stack's file, and \`bin/ops up\` replaces it; releases are for stacks on Kubernetes.`,
  );
}

export function want({ file, session }: Desk, service: string, wanted: Wanted): void {
  file.set(service, wanted);
  session.prepareFolder();
}

/** All updates of the stack, newest first, each with the config that it had. */
export const updates = ({ open }: Desk): Promise<UpdateSummary[]> => open.stack.history();

const target = (kind: string, name: string) => `**$kubernetes:${kind}::${name}`;

/** Patterns of URNs, for the engine to touch nothing else whatever else has changed. */
export const targets = {
  /** The switch. */
  service: ({ service }: PlannedRelease) => [target("core/v1:Service", service)],
  /** The candidate with all that is its own. */
  candidate: ({ next }: PlannedRelease) => [`**::${next}`],
  /** What the service itself runs. */
  stable: ({ service }: PlannedRelease) => [target("apps/v1:Deployment", service)],
};

/** The candidate's own objects by their URNs, since patterns select nothing for deletion; and the Service, which came after them. */
export async function goneTargets({ open }: Desk, release: PlannedRelease): Promise<string[]> {
  const { resources = [] } = await open.state();
  const own = resources.map(({ urn }) => urn).filter(urn => nameOf(urn) === release.next);
  return [...own, ...targets.service(release)];
}

/**
 * Makes the stack what its file says, as far as the targets go.
 *
 * @param message what the stack's history says of the update
 */
export async function apply(desk: Desk, target: string[], message: string): Promise<Change[]> {
  const { context, session, open } = desk;
  session.prepareFolder();
  const progress = new Progress(new Set(), desk.steps.elapsed.bind(desk.steps));
  try {
    // What was changed by hand since is found by the refresh, and changed back.
    await open.stack.up({ target, message, refresh: true, signal: context.engineSignal, onEvent: event => void progress.apply(event) });
  } catch (error) {
    stopIfCancelled(context);
    if (progress.failures.length === 0) throw error;
    context.logger.hide(await open.secrets());
    throw new CommandFailure("failed", await explain(context, session.plan, progress.failures));
  }
  return progress.changes;
}
