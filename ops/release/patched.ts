import type { Context, Session } from "../context";
import { CommandFailure } from "../exit";
import type { PlannedRelease } from "../project";
import { nameOf, typeOf, type OpenStack } from "../stack";
import { StackFile } from "./stack-file";
import { clusterTraffic } from "./traffic";

/** What an `up` does about a Service whose selector is not what the last update set. */
export type Finding = { kind: "as-left" } | { kind: "adopt" | "stop"; message: string };

/**
 * @param left version that the stack's last update set
 * @param found version that the Service selects now
 */
export function findingOf({ service, stable, candidate, live }: PlannedRelease, left: string | undefined, found: string | undefined): Finding {
  if (left === undefined || found === undefined || found === left || found === live) return { kind: "as-left" };
  const was = `Service ${service} was switched from ${left} to ${found} by hand`;
  const back = `\`bin/ops rollback ${service}\` gives clients ${stable.version}`;
  if (found !== stable.version && found !== candidate?.version)
    return { kind: "stop", message: `${was}, which nothing runs: clients get no answer. ${back}.` };
  if (live !== left)
    return { kind: "stop", message: `${was}, and the stack's file says ${live}. Set releases.${service}.live to the one that is meant; ${back}.` };
  return { kind: "adopt", message: `${was}: kept, and written into the stack's file. ${back}.` };
}

/** Version that the last update gave a service's clients. */
async function leftBy(open: OpenStack): Promise<(service: string) => string | undefined> {
  const { resources = [] } = await open.state();
  return service => {
    const found = resources.find(({ urn }) => typeOf(urn) === "kubernetes:core/v1:Service" && nameOf(urn) === service);
    return (found?.inputs as { spec?: { selector?: { version?: string } } } | undefined)?.spec?.selector?.version;
  };
}

/**
 * Looks at the switches before an update sets them: the runbook's `kubectl patch service` is kept and said, and what cannot be kept stops the update.
 *
 * @throws CommandFailure `deviated`; nothing was changed
 */
export async function keepPatchedSwitches(context: Context, session: Session, open: OpenStack): Promise<void> {
  const { plan, folder } = session;
  if (!plan.cluster || !plan.releases || !session.exists) return;
  const traffic = await clusterTraffic(plan.cluster);
  const left = await leftBy(open);
  const file = new StackFile(context.root, context.stack, folder.project);
  for (const release of plan.releases.services) {
    const { service, stable, candidate } = release;
    const found = await traffic.selected(service);
    const finding = findingOf(release, left(service), found);
    if (finding.kind === "stop") throw new CommandFailure("deviated", finding.message);
    if (finding.kind === "as-left") continue;
    context.logger.result(finding.message);
    file.set(service, { image: stable.image, release: { candidate: candidate!.image, live: found! } });
  }
  session.prepareFolder();
}
