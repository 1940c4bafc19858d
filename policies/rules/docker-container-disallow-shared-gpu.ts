import { partsOf, tierOf } from "../parts";
import type { StackRule } from "../rule";

export const rule: StackRule = {
  name: "docker-container-disallow-shared-gpu",
  displayName: "A GPU of one's own",
  description:
    "No GPU is given to training and to what answers trades: Docker shares a device in time, without limit of memory or turn, and a training run would hold up decisions.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Give the training service a device of its own in the stack's gpuDevices; a machine with one GPU trains when nothing is served.",
  tags: ["runbook", "resources"],
  validateStack: (args, report) => {
    const users = partsOf(args, report).flatMap(part =>
      (part.container?.deviceRequests ?? [])
        .flatMap(({ deviceIds }) => deviceIds ?? [])
        .map(device => ({ device, part, tier: part.book && tierOf(part.book, part.name) })),
    );
    if (users.length === 0) args.notApplicable("no container has a GPU by name");
    for (const { device, part } of users.filter(({ tier }) => tier === "training")) {
      const others = users.filter(user => user.device === device && user.tier === "inference").map(user => user.part.name);
      if (others.length === 0) continue;
      part.violation(
        `GPU ${device} is also given to ${others.join(" and ")}, which training may not share`,
        `Give ${part.name} another device in gpuDevices`,
      );
    }
  },
};
