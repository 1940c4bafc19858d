import { declaredPlan, withEngine } from "../context";
import { liveSince, releaseEvents } from "../release/history";
import { openDesk, requireSwitch, updates } from "../release/desk";
import type { PlannedRelease } from "../project";
import { table } from "../report";
import { defineCommand, noOptions } from "./command";

/** Events that a person still wants to see. */
const SHOWN = 20;

export const releases = defineCommand({
  summary: "Show what clients get of every released service, what stands beside it, and what was released before (Kubernetes)",
  examples: [["bin/ops releases --stack prod", "the history is the stack's own: each update remembers its config"]],
  validate: noOptions,
  async run(context) {
    requireSwitch(await declaredPlan(context), "releases");
    await withEngine(context, {}, async session => {
      const desk = await openDesk(context, session);
      const history = await updates(desk);
      const { project } = session.folder;
      const clientsGet = async ({ service, live }: PlannedRelease) => {
        const selected = await desk.traffic.selected(service);
        return selected === live ? live : `${selected ?? "nothing"}, and the stack's file says ${live}`;
      };
      const rows = desk.releases.services.map(async release => {
        const since = liveSince(history, project, release.service);
        return [release.service, await clientsGet(release), since?.toISOString() ?? "", beside(release)];
      });
      context.logger.result(table(["SERVICE", "CLIENTS GET", "SINCE", "BESIDE IT"], await Promise.all(rows)));
      const events = desk.releases.services
        .flatMap(({ service }) => releaseEvents(history, project, service))
        .sort((a, b) => b.at.getTime() - a.at.getTime())
        .slice(0, SHOWN);
      if (events.length > 0) {
        context.logger.result(
          table(
            ["WHEN", "SERVICE", "WHAT"],
            events.map(({ at, service, what }) => [at.toISOString(), service, what]),
          ),
        );
      }
    });
  },
});

function beside({ stable, candidate, live }: PlannedRelease): string {
  if (!candidate) return "";
  return live === candidate.version ? `${stable.version}, for a rollback` : `${candidate.version}, without clients`;
}
