import type { PolicyResource } from "@pulumi/policy";
import { AUTOSCALER, DAEMON_SET, appOf, controllersIn, isTask, kindOf, nameOf, templateOf, type Workload } from "../kubernetes";
import { booksOf, scaleOf } from "../parts";
import { reporter } from "../report";
import { thresholds, type StackRule } from "../rule";

const configSchema = {
  properties: {
    minTargetPercent: {
      type: "number" as const,
      minimum: 1,
      default: 50,
      description: "Least share of the requested CPU above which another replica comes.",
    },
    maxTargetPercent: {
      type: "number" as const,
      minimum: 1,
      default: 90,
      description: "Most of it: the others carry the load until the new one is ready.",
    },
    minDownSeconds: { type: "number" as const, minimum: 0, default: 300, description: "Least time of less load before a replica goes." },
    maxUpSeconds: { type: "number" as const, minimum: 0, default: 60, description: "Most time of more load before one comes." },
  },
};
type Thresholds = Record<keyof (typeof configSchema)["properties"], number>;

interface Scaling {
  stabilizationWindowSeconds?: number;
  policies?: { type?: string; value?: number; periodSeconds?: number }[];
}
interface Scaler {
  scaleTargetRef?: { kind?: string; name?: string };
  minReplicas?: number;
  maxReplicas?: number;
  metrics?: { type?: string; resource?: { name?: string; target?: { type?: string; averageUtilization?: number } } }[];
  behavior?: { scaleUp?: Scaling; scaleDown?: Scaling };
}

/** What an autoscaler has against the book: one finding per fault. */
function faults({ minReplicas, maxReplicas, metrics, behavior }: Scaler, min: number, max: number, limits: Thresholds): string[] {
  const found: string[] = [];
  if (minReplicas !== min) found.push(`keeps at least ${minReplicas ?? "1"}, the book says ${min}`);
  if (maxReplicas !== max) found.push(`makes at most ${maxReplicas ?? "any number"}, the book says ${max}`);
  const target = metrics?.[0]?.resource;
  const share = target?.target?.averageUtilization;
  if (target?.name !== "cpu" || target.target?.type !== "Utilization") found.push("does not go by CPU first");
  if (!(share! >= limits.minTargetPercent && share! <= limits.maxTargetPercent)) {
    found.push(`aims at ${share ?? "no"} %, ${limits.minTargetPercent} to ${limits.maxTargetPercent} is allowed`);
  }
  const up = behavior?.scaleUp?.stabilizationWindowSeconds ?? 0;
  const down = behavior?.scaleDown?.stabilizationWindowSeconds ?? 300;
  if (up > limits.maxUpSeconds) found.push(`waits ${up} s before one comes, at most ${limits.maxUpSeconds} is allowed`);
  if (!(down >= limits.minDownSeconds && down <= 3600)) found.push(`waits ${down} s before one goes, ${limits.minDownSeconds} to 3600 is allowed`);
  const downs = behavior?.scaleDown?.policies ?? [];
  const slow =
    downs.length > 0 &&
    downs.every(({ type, value, periodSeconds }) => type === "Pods" && value === 1 && periodSeconds! >= 60 && periodSeconds! <= 600);
  if (!slow) found.push("takes more than one away in a minute, or none in ten minutes");
  const quick = behavior?.scaleUp?.policies?.some(
    ({ type, value, periodSeconds }) => type === "Percent" && value! >= 100 && value! <= 400 && periodSeconds! <= 60,
  );
  if (behavior?.scaleUp && quick !== true) found.push("does not double within a minute");
  return found;
}

/** The new version of a service that has a GPU: there is one GPU for it beside those of the version before. */
function isGpuCandidate(resource: PolicyResource): boolean {
  const { metadata, spec } = templateOf(resource)!;
  return (
    metadata?.labels?.["track"] === "candidate" &&
    (spec?.containers ?? []).some(({ resources }) => resources?.limits?.["nvidia.com/gpu"] !== undefined)
  );
}

export const rule: StackRule = {
  name: "kubernetes-workload-enforce-scale",
  displayName: "As many as the book says",
  description:
    "Every service has the book's number of replicas; one whose number load decides has an autoscaler with the book's bounds, CPU first, that is slow to take away.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Declare the service's scale as the book says.",
  tags: ["availability", "resources"],
  configSchema,
  validateStack: (args, report) => {
    const books = booksOf(args);
    const scaled = controllersIn(args.resources).filter(({ type }) => type !== DAEMON_SET && !isTask(type));
    if (scaled.length === 0) args.notApplicable("nothing in this stack has replicas");
    const limits = thresholds(configSchema, args);
    const scalers = args.resources.filter(({ type }) => type === AUTOSCALER);
    for (const resource of scaled) {
      const violation = reporter(kindOf(resource.type), nameOf(resource), report, resource.urn);
      const { min, max } = scaleOf(books, appOf(resource));
      const { replicas } = (resource.props as Workload).spec ?? {};
      const [scaler, ...more] = scalers
        .map(({ props }) => (props["spec"] ?? {}) as Scaler)
        .filter(({ scaleTargetRef: target }) => target?.kind === kindOf(resource.type) && target.name === nameOf(resource));
      if (min === max) {
        if (replicas !== min) violation(`it has ${replicas ?? "no number of"} replicas, the book says ${min}`, `Set replicas to ${min}`);
        if (scaler) violation("an autoscaler decides its replicas, the book does not say so", "Remove the autoscaler, or give the book a range");
        continue;
      }
      if (!scaler || more.length > 0)
        violation(`${scaler ? more.length + 1 : 0} autoscalers decide its replicas, exactly 1 is required`, "Give it one");
      else
        for (const fault of faults(scaler, isGpuCandidate(resource) ? 1 : min, max, limits))
          violation(`its autoscaler ${fault}`, "Set what the book and the pack say");
    }
  },
};
