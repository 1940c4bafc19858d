import { DEPLOYMENT, type Workload } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-container-enforce-limits";
import { deployment, describeObjectRule, pod } from "../support";

const resources = pod().resources as { requests: Record<string, string>; limits: Record<string, string> };
const sized = (request: string, limit: string) => ({
  ...pod(),
  resources: { requests: { ...resources.requests, cpu: request }, limits: { ...resources.limits, cpu: limit } },
});

function other(workload: Workload): Workload {
  workload.spec!.template!.metadata!.labels!["app"] = "mlflow";
  return workload;
}

describeObjectRule(rule, {
  type: DEPLOYMENT,
  accepts: {
    "a service that answers trades with half of its limit": deployment(),
    "another with a quarter": other(deployment({}, sized("250m", "1"))),
  },
  reports: {
    "no CPU limit": [deployment({}, { resources: { ...resources, limits: { memory: "1Gi", "ephemeral-storage": "1Gi" } } }), "limits.cpu is not set"],
    "no memory request": [
      deployment({}, { resources: { ...resources, requests: { cpu: "500m", "ephemeral-storage": "128Mi" } } }),
      "requests.memory is not set",
    ],
    "a request above the limit": [
      deployment({}, { resources: { ...resources, requests: { ...resources.requests, memory: "2Gi" } } }),
      "requests.memory 2Gi is above its limit 1Gi",
    ],
    "more disk than logs need": [
      deployment({}, { resources: { ...resources, limits: { ...resources.limits, "ephemeral-storage": "2Gi" } } }),
      "limits.ephemeral-storage is 2Gi, at most 1Gi is allowed",
    ],
    "less disk than logs need": [
      deployment({}, { resources: { ...resources, requests: { ...resources.requests, "ephemeral-storage": "12Mi" } } }),
      "requests.ephemeral-storage is 12Mi, at least 100Mi is required",
    ],
    "a request that means nothing": [
      deployment({}, { resources: { ...resources, requests: { ...resources.requests, memory: "51Mi" } } }),
      "requests.memory is 51Mi, at least 0.125 of the limit is required",
    ],
    "another share of the CPU limit": [deployment({}, sized("250m", "1")), "requests.cpu is 250m, 0.5 of the limit 1 is required. Set it to 500m"],
    "much memory of what runs first": [deployment({ initContainers: [pod()] }), "limits.memory is 1Gi, at most 64Mi is allowed for what runs first"],
  },
});
