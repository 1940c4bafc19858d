import { DEPLOYMENT } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-container-configure-probes";
import { deployment, describeObjectRule, pod } from "../support";

const probe = pod().readinessProbe!;

describeObjectRule(rule, {
  type: DEPLOYMENT,
  accepts: {
    "three probes": deployment(),
    "a sidecar without a start of its own": deployment({ containers: [pod(), pod({ name: "sidecar", startupProbe: undefined })] }),
    "a worker without a port, which only its own check can ask": deployment({}, { ports: undefined, livenessProbe: undefined }),
  },
  reports: {
    "no startupProbe": [deployment({}, { startupProbe: undefined }), "it has no startupProbe"],
    "no readinessProbe": [deployment({}, { readinessProbe: undefined }), "it has no readinessProbe"],
    "no livenessProbe": [deployment({}, { livenessProbe: undefined }), "it has no livenessProbe"],
    "a probe that asks nothing": [deployment({}, { readinessProbe: { ...probe, exec: undefined } }), "it has no readinessProbe that asks something"],
    "a probe that always passes": [deployment({}, { readinessProbe: { ...probe, exec: { command: ["true"] } } }), "passes whatever the service does"],
    "a start of ten minutes": [
      deployment({}, { startupProbe: { ...probe, failureThreshold: 40 } }),
      "its startupProbe gives up after 15 s × 40, 30 to 240 s",
    ],
    "three minutes without an answer": [
      deployment({}, { readinessProbe: { ...probe, periodSeconds: 60 } }),
      "its readinessProbe gives up after 60 s × 3",
    ],
    "an end of what is only busy": [deployment({}, { livenessProbe: probe }), "its livenessProbe gives up after 15 s × 3, 60 to 150 s"],
    "an answer that may take a minute": [deployment({}, { readinessProbe: { ...probe, timeoutSeconds: 60 } }), "waits 60 s for an answer"],
    "one failure that is enough": [deployment({}, { readinessProbe: { ...probe, failureThreshold: 1 } }), "gives up after one failure"],
    "a sidecar that nobody asks": [
      deployment({ containers: [pod(), pod({ name: "sidecar", readinessProbe: undefined })] }),
      "container sidecar: it has no readinessProbe",
    ],
  },
});
