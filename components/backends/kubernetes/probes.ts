import type * as k8s from "@pulumi/kubernetes";
import { seconds, type System } from "../../../systems/declaration";
import type { ServiceSpec } from "../../spec";
import { portsOf } from "./ports";

type Probe = k8s.types.input.core.v1.Probe;
type Probes = Pick<k8s.types.input.core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe">;

/** How often a start is asked about, in seconds: what needs it waits for the answer. */
const STARTUP_PERIOD = 5;
const MINUTES_WITHOUT_LIFE = 2;
const LIVENESS_PERIOD = 20;

/** Whether a process answers at all, whatever it needs. */
function alive(port: number, path: string | undefined): Probe {
  return { ...(path ? { httpGet: { path, port } } : { tcpSocket: { port } }), timeoutSeconds: 5 };
}

const liveness = (probe: Probe): Probe => ({
  ...probe,
  periodSeconds: LIVENESS_PERIOD,
  failureThreshold: (MINUTES_WITHOUT_LIFE * 60) / LIVENESS_PERIOD,
});

/**
 * Probes of what shares a pod with a service. A pod takes part when all of its containers are ready, so a sidecar never says more than that it
 * answers: a vault that is down is no reason to take the database away.
 */
export function sidecarProbesOf(system: System, spec: ServiceSpec): Probes {
  const { service: port } = portsOf(system, spec);
  if (port === undefined) return {};
  return {
    readinessProbe: { httpGet: { path: "/metrics", port }, timeoutSeconds: 5, periodSeconds: 10, failureThreshold: 3 },
    livenessProbe: liveness(alive(port, spec.health.alive)),
  };
}

/**
 * Startup and readiness run the service's own health check: it takes part when it does its job, and its start has the time that the declaration says.
 * Liveness asks something else: whether the process answers at all. It never checks what the service needs, or the loss of one database would
 * restart everything that waits for it.
 */
export function probesOf(system: System, spec: ServiceSpec): Probes {
  const { health } = spec;
  const { service, metrics } = portsOf(system, spec);
  const port = service;
  // An image without a shell is asked by the kubelet from outside.
  const check: Probe =
    "probedBy" in health ? { httpGet: { path: health.ready ?? "/metrics", port: (metrics ?? service)! } } : { exec: { command: health.command } };
  const timing = "probedBy" in health ? ({ interval: "15s", timeout: "5s", retries: 3 } as const) : health;
  const timeoutSeconds = seconds(timing.timeout ?? "5s");
  return {
    startupProbe: { ...check, timeoutSeconds, periodSeconds: STARTUP_PERIOD, failureThreshold: Math.ceil(seconds(health.startup) / STARTUP_PERIOD) },
    readinessProbe: { ...check, timeoutSeconds, periodSeconds: seconds(timing.interval ?? "15s"), failureThreshold: timing.retries ?? 3 },
    livenessProbe: port === undefined ? undefined : liveness(alive(port, health.alive)),
  };
}
