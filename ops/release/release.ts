import { previewOn } from "../commands/preview";
import { stopIfCancelled } from "../context";
import { CommandFailure } from "../exit";
import { duration } from "../progress";
import type { PlannedRelease } from "../project";
import { failOnViolations } from "../report";
import { apply, goneTargets, standing, targets, updates, want, type Desk } from "./desk";
import { gateVerdict, percent } from "./gate";
import { liveSince } from "./history";
import { answered, smokeTest } from "./smoke";
import { switchTo } from "./switch";

/** Brings an image to a service's clients: beside the version that runs, through the gate, by one switch. Run again, it goes on where it stopped. */
export async function release(desk: Desk, service: string, image: string): Promise<void> {
  await makeRoom(desk, service, image);
  const { candidate, stable } = standing(desk, service);
  if (!candidate && stable.image === image) return desk.context.logger.result(`${service} runs ${image} already.`);
  if (candidate?.image !== image) await begin(desk, service, image);
  const begun = standing(desk, service);
  const { version } = begun.candidate!;
  await desk.steps.run(`Bringing up ${begun.next} with ${image}`, () =>
    apply(desk, targets.candidate(begun), `${service}: ${version} beside ${begun.stable.version}`),
  );
  if (begun.live !== version) await passGate(desk, begun);
  await switchTo(desk, begun, version);
  await orGoBack(desk, begun);
  const since = liveSince(await updates(desk), desk.session.folder.project, service) ?? new Date();
  const until = new Date(since.getTime() + desk.releases.rollbackSeconds * 1000);
  desk.context.logger.result(
    `${begun.stable.version} stays ready until ${until.toISOString()} at least: \`bin/ops rollback ${service}\` goes back to it. Then \`bin/ops release ${service} --finish\` takes it away.\n` +
      `Commit Pulumi.${desk.context.stack}.yaml: it says what runs.`,
  );
}

/** A release that clients have had for long enough is finished by the next; any other one is in its way. */
async function makeRoom(desk: Desk, service: string, image: string): Promise<void> {
  const { candidate, live } = standing(desk, service);
  if (candidate && candidate.image !== image && live === candidate.version) await finish(desk, service);
}

/** Puts the candidate into the stack's file, if plan and policies have nothing against it. */
async function begin(desk: Desk, service: string, image: string): Promise<void> {
  const { context, session, open, file, steps } = desk;
  const { stable } = standing(desk, service);
  await file.orRestore(async () => {
    // The image that runs is named too: nothing else may change it while it is what a rollback goes back to.
    want(desk, service, { image: stable.image, release: { candidate: image, live: stable.version } });
    standing(desk, service);
    await steps.run("Judging the plan by the policies", async () => failOnViolations((await previewOn(context, session.plan, open)).violations));
  });
}

/**
 * Asks the candidate, which has no clients yet, and reads from Prometheus how it did.
 *
 * @throws CommandFailure `gated`; clients get what they got before
 */
async function passGate(desk: Desk, { service, next, port, smoke }: PlannedRelease): Promise<void> {
  const { traffic, releases, steps, context } = desk;
  const candidate = await traffic.forward(next, port);
  const prometheus = await traffic.forward(releases.prometheus.service, releases.prometheus.port);
  const stays = `Clients get what they got before. Mend it and release it again, or take it away: \`bin/ops release ${service} --finish\``;
  try {
    await steps.run(`Smoke test of ${next}`, async () => {
      const failed = (await smokeTest(candidate.urls, smoke)).filter(answer => !answered(answer));
      if (failed.length === 0) return;
      throw new CommandFailure("gated", `${failed.map(({ url, outcome }) => `${next}${new URL(url).pathname}: ${outcome}`).join("\n")}\n${stays}`);
    });
    await steps.run(`Gate: asking ${next} for ${releases.gate.periodSeconds} s`, async () => {
      const { measured, reasons } = await gateVerdict({
        service,
        deployment: next,
        urls: candidate.urls,
        paths: smoke,
        prometheus: prometheus.urls[0]!,
        releases,
        signal: context.signal,
      }).catch((error: unknown) => {
        stopIfCancelled(context);
        throw error;
      });
      if (reasons.length > 0) throw new CommandFailure("gated", `The gate is shut:\n${reasons.map(reason => `  - ${reason}`).join("\n")}\n${stays}`);
      const { requests, errorPercent, p95Milliseconds } = measured;
      return `${requests} requests measured, ${percent(errorPercent)} of them 5xx, p95 ${Math.round(p95Milliseconds)} ms`;
    });
  } finally {
    candidate.close();
    prometheus.close();
  }
}

/** Asks what clients now get; a version that does not answer them is taken back at once. */
async function orGoBack(desk: Desk, { service, port, smoke, stable }: PlannedRelease): Promise<void> {
  const way = await desk.traffic.forward(service, port);
  const failed = (await smokeTest(way.urls, smoke).finally(() => way.close())).filter(answer => !answered(answer));
  if (failed.length === 0) return;
  await switchTo(desk, standing(desk, service), stable.version);
  throw new CommandFailure("gated", `${service} did not answer after the switch: ${failed[0]!.outcome}. Clients get ${stable.version} again.`);
}

/**
 * Ends a release with what clients get: the candidate becomes what the service's own Deployment runs, or is taken away.
 *
 * @throws CommandFailure `gated` within the rollback window
 */
export async function finish(desk: Desk, service: string): Promise<void> {
  const release = standing(desk, service);
  const { candidate, stable, live, next } = release;
  if (!candidate) throw new CommandFailure("usage", `${service}: no release is under way; \`bin/ops release ${service} <image>\` begins one.`);
  const gone = await goneTargets(desk, release);
  if (live !== candidate.version) {
    want(desk, service, { image: stable.image });
    await desk.steps.run(`Taking ${next} away`, () => apply(desk, gone, `${service}: ${candidate.version} taken away`));
    return desk.context.logger.result(`${service}: ${candidate.version} is gone; clients get ${live} as before.`);
  }
  await windowOver(desk, release);
  want(desk, service, { image: candidate.image });
  // Both Deployments run the same version until the candidate's is taken away, so clients are answered throughout.
  const both = [...targets.stable(release), ...gone];
  await desk.steps.run(`Rolling ${service} to ${candidate.version}, then taking ${next} away`, () =>
    apply(desk, both, `${service}: ${candidate.version} is the one that runs`),
  );
  desk.context.logger.result(`${service} runs ${candidate.version}; ${stable.version} is gone. Commit Pulumi.${desk.context.stack}.yaml.`);
}

async function windowOver(desk: Desk, { service, live, stable }: PlannedRelease): Promise<void> {
  const since = liveSince(await updates(desk), desk.session.folder.project, service);
  const left = since ? desk.releases.rollbackSeconds - (Date.now() - since.getTime()) / 1000 : 0;
  if (left <= 0) return;
  throw new CommandFailure(
    "gated",
    `${service}: clients have had ${live} since ${since!.toISOString()}, and ${stable.version} is kept for ${duration(desk.releases.rollbackSeconds)}. Finish in ${duration(left)}, or go back: \`bin/ops rollback ${service}\``,
  );
}
