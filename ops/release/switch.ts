import { CommandFailure } from "../exit";
import { duration } from "../progress";
import type { PlannedRelease } from "../project";
import { apply, targets, want, type Desk } from "./desk";

/**
 * Gives clients one of the two versions, in one update that touches the Service alone.
 *
 * @throws CommandFailure `deviated` where no pod of that version is ready: clients would get no answer
 */
export async function switchTo(desk: Desk, release: PlannedRelease, version: string): Promise<void> {
  const { service, next, stable, candidate } = release;
  const deployment = version === candidate?.version ? next : service;
  if ((await desk.traffic.ready(deployment)) === 0) {
    throw new CommandFailure(
      "deviated",
      `${deployment} has no pod that is ready, so ${version} would answer nobody; clients get what they got before.`,
    );
  }
  if (candidate) want(desk, service, { image: stable.image, release: { candidate: candidate.image, live: version } });
  const began = performance.now();
  const changes = await apply(desk, targets.service(release), `${service}: clients get ${version}`);
  const took = duration((performance.now() - began) / 1000);
  desk.context.logger.result(
    changes.length === 0
      ? `${service}: clients get ${version} already.`
      : `${service}: clients get ${version}, after ${took}; changed: ${changes.map(({ name, type }) => `${name} (${type})`).join(", ")}`,
  );
}
