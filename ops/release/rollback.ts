import { CommandFailure } from "../exit";
import { standing, updates, type Desk } from "./desk";
import { imageBefore } from "./history";
import { release } from "./release";
import { switchTo } from "./switch";

/**
 * Gives clients the version before: the stable one while a release is under way, with one switch. After it was finished its pods are gone, and the
 * image that ran before is released like any other. A selector that somebody patched by hand is put back.
 */
export async function rollback(desk: Desk, service: string): Promise<void> {
  const now = standing(desk, service);
  const patched = (await desk.traffic.selected(service)) !== now.live;
  if (now.candidate || patched) return switchTo(desk, now, now.stable.version);
  const before = imageBefore(await updates(desk), desk.session.folder.project, service);
  if (!before)
    throw new CommandFailure(
      "usage",
      `${service}: the stack's history knows no version before ${now.stable.version}; name one: \`bin/ops release ${service} <image>\``,
    );
  desk.context.logger.note(`${now.stable.image} is the only one that runs; ${before} ran before and is released again`);
  await release(desk, service, before);
}
