import { books } from "../books";
import { CONTAINER, containerName, mountsOf, ofType, type Container } from "../docker";
import { controllersIn, kindOf, nameOf, templateOf, type Workload } from "../kubernetes";
import { reporter } from "../report";
import type { StackRule } from "../rule";

export const rule: StackRule = {
  name: "volume-disallow-second-writer",
  displayName: "One writer",
  description: "What holds data is written by one service; whoever else mounts it, such as the backup's sidecar, mounts it read-only.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set readOnly on the mount of every service but the one whose data it is; what nobody keeps is listed among the book's scratch volumes.",
  tags: ["data"],
  validateStack: (args, report) => {
    const writers = new Map<string, string[]>();
    const write = (volume: string, who: string) => writers.set(volume, [...(writers.get(volume) ?? []), who]);
    const scratch = books.flatMap(({ scratchVolumes }) => scratchVolumes);
    for (const container of ofType(args, CONTAINER)) {
      for (const { kind, source, readOnly } of mountsOf(container.props as Container)) {
        if (kind === "volume" && source && !readOnly && !scratch.includes(source)) write(`Volume "${source}"`, containerName(container));
      }
    }
    for (const resource of controllersIn(args.resources)) {
      const claims = ((resource.props as Workload).spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name ?? "");
      for (const { name: who, volumeMounts = [] } of templateOf(resource)?.spec?.containers ?? []) {
        const written = new Set(volumeMounts.filter(({ name, readOnly }) => claims.includes(name) && readOnly !== true).map(({ name }) => name));
        for (const claim of written) write(`${kindOf(resource.type)} "${nameOf(resource)}" claim "${claim}"`, who);
      }
    }
    if (writers.size === 0) args.notApplicable("nothing in this stack keeps data");
    for (const [volume, [first, ...others]] of writers) {
      if (others.length === 0) continue;
      const [, kind, name] = /^(\w+) "(.*)"$/.exec(volume)!;
      reporter(kind!, name!, report)(`${[first, ...others].join(" and ")} write to it, one alone may`, "Set readOnly on the mount of every other");
    }
  },
};
