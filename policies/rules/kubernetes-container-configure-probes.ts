import { isTask, onPods, type Container } from "../kubernetes";
import { thresholds, type ResourceRule } from "../rule";

const configSchema = {
  properties: {
    maxStartSeconds: { type: "number" as const, minimum: 1, default: 240, description: "Longest start that is still in order." },
    maxUnreadySeconds: {
      type: "number" as const,
      minimum: 1,
      default: 120,
      description: "Longest time until a container that does not do its job takes no part any more: a service counts as down after two minutes.",
    },
    maxDeadSeconds: {
      type: "number" as const,
      minimum: 1,
      default: 150,
      description: "Longest time until a container without life is started again.",
    },
    minDeadSeconds: {
      type: "number" as const,
      minimum: 1,
      default: 60,
      description: "Shortest time until then: a process that is only busy must not be ended.",
    },
  },
};
type Thresholds = Record<keyof (typeof configSchema)["properties"], number>;

/** Commands that exit 0 whatever the service does. */
const ALWAYS_HEALTHY = /^(?:\/bin\/)?(?:true|:|exit 0|sh -c true|sh -c exit 0)$/;

function check(container: Container, sidecar: boolean, limits: Thresholds, violation: (found: string, mend: string) => void): void {
  const probes = {
    startupProbe: { least: MIN_START, most: limits.maxStartSeconds, required: !sidecar },
    readinessProbe: { least: MIN_UNREADY, most: limits.maxUnreadySeconds, required: true },
    // What publishes no port can only be asked by its own check.
    livenessProbe: { least: limits.minDeadSeconds, most: limits.maxDeadSeconds, required: (container.ports ?? []).length > 0 },
  } as const;
  for (const [name, { least, most, required }] of Object.entries(probes)) {
    const probe = container[name as keyof typeof probes];
    const asks = probe && (probe.exec?.command ?? probe.httpGet ?? probe.tcpSocket ?? probe.grpc);
    if (!probe || !asks) {
      if (required || probe) violation(`it has no ${name} that asks something`, `Give it a ${name}`);
      continue;
    }
    if (ALWAYS_HEALTHY.test((probe.exec?.command ?? []).join(" ")))
      violation(`its ${name} passes whatever the service does`, "Ask the service itself");
    const { periodSeconds: period = 0, timeoutSeconds: timeout = 0, failureThreshold: failures = 0 } = probe;
    const total = period * failures;
    if (!(total >= least && total <= most)) {
      violation(`its ${name} gives up after ${period} s × ${failures}, ${least} to ${most} s is allowed`, "Set periodSeconds and failureThreshold");
    }
    if (!(timeout > 0 && timeout <= Math.max(period, MAX_TIMEOUT))) {
      violation(`its ${name} waits ${timeout} s for an answer, 1 to ${Math.max(period, MAX_TIMEOUT)} s is allowed`, "Set timeoutSeconds");
    }
    if (failures < 2) violation(`its ${name} gives up after one failure, two or more are required`, "Set failureThreshold to 3");
  }
}

/** A start and a slow answer have at least as long, in seconds: else a busy node would end or leave out what is well. */
const MIN_START = 30;
const MIN_UNREADY = 10;

/** Longest time to wait for an answer, in seconds, where the period is shorter. */
const MAX_TIMEOUT = 30;

export const rule: ResourceRule = {
  name: "kubernetes-container-configure-probes",
  displayName: "Three probes",
  description:
    "Every container of a service is asked three things: whether it has started, whether it takes part, and whether it lives; a sidecar the last two. The times fit the two minutes after which a service counts as down.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Give the container startupProbe and readinessProbe with the runbook's own check, and a livenessProbe that asks only whether the process answers.",
  tags: ["runbook", "health"],
  configSchema,
  validateResource: onPods(({ type, spec, args, violation }) => {
    if (isTask(type)) return;
    const limits = thresholds(configSchema, args);
    for (const [index, container] of (spec.containers ?? []).entries()) {
      const its = (found: string, mend: string) => violation(`container ${container.name}: ${found}`, mend);
      check(container, index > 0, limits, its);
    }
  }),
};
