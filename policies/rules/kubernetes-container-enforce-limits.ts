import { books } from "../books";
import { onPodContainers } from "../kubernetes";
import { quantity } from "../parsers/quantity";
import { thresholds, type ResourceRule } from "../rule";

const configSchema = {
  properties: {
    shareOfLimit: { type: "number" as const, minimum: 0, maximum: 1, default: 0.25, description: "CPU request as a share of the limit." },
    servingShareOfLimit: {
      type: "number" as const,
      minimum: 0,
      maximum: 1,
      default: 0.5,
      description: "The same of the services that answer trades, whose peaks come together.",
    },
    maxStorageGibibytes: {
      type: "number" as const,
      minimum: 0,
      default: 1,
      description: "Most room on the node's disk for logs and what is written beside the volumes.",
    },
    minStorageMebibytes: { type: "number" as const, minimum: 0, default: 100, description: "Least of it that is asked for." },
    maxFirstMebibytes: {
      type: "number" as const,
      minimum: 1,
      default: 64,
      description: "Most memory of a container that runs first: it copies a few files.",
    },
    minRequestShare: {
      type: "number" as const,
      minimum: 0,
      maximum: 1,
      default: 0.125,
      description: "Least memory request as a share of the limit, where no row of the resource table says it.",
    },
  },
};

export const rule: ResourceRule = {
  name: "kubernetes-container-enforce-limits",
  displayName: "Bounded CPU, memory and disk",
  description:
    "Every container, those of tasks and those that run first included, has limits and requests of CPU, memory and ephemeral storage; it requests a quarter of its CPU limit, half where it answers trades, because the table's limits are peaks and only those of the trading path come together.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Set the table's limits, the reservation as memory request, and the share of the limit as CPU request.",
  tags: ["runbook", "resources"],
  configSchema,
  validateResource: onPodContainers(({ name, container, role, args, violation }) => {
    const { shareOfLimit, servingShareOfLimit, maxStorageGibibytes, minStorageMebibytes, maxFirstMebibytes, minRequestShare } = thresholds(
      configSchema,
      args,
    );
    const { limits = {}, requests = {} } = container.resources ?? {};
    for (const resource of ["cpu", "memory", "ephemeral-storage"]) {
      const [limit, request] = [quantity(limits[resource]), quantity(requests[resource])];
      if (!limit) violation(`limits.${resource} is ${limits[resource] ?? "not set"}, a limit is required`, "Set it");
      if (!request) violation(`requests.${resource} is ${requests[resource] ?? "not set"}, a request is required`, "Set it");
      if (limit && request && request > limit)
        violation(`requests.${resource} ${requests[resource]} is above its limit ${limits[resource]}`, "Lower it");
    }
    const storage = quantity(limits["ephemeral-storage"]) ?? 0;
    if (storage > maxStorageGibibytes * 2 ** 30) {
      violation(
        `limits.ephemeral-storage is ${limits["ephemeral-storage"]}, at most ${maxStorageGibibytes}Gi is allowed`,
        "Write what is larger to a volume",
      );
    }
    const asked = quantity(requests["ephemeral-storage"]) ?? Infinity;
    if (asked < minStorageMebibytes * 2 ** 20) {
      violation(`requests.ephemeral-storage is ${requests["ephemeral-storage"]}, at least ${minStorageMebibytes}Mi is required`, "Raise it");
    }
    const memory = quantity(limits["memory"]) ?? 0;
    if (role === "init" && memory > maxFirstMebibytes * 2 ** 20) {
      violation(`limits.memory is ${limits["memory"]}, at most ${maxFirstMebibytes}Mi is allowed for what runs first`, "Lower it");
    }
    if ((quantity(requests["memory"]) ?? Infinity) < memory * minRequestShare) {
      violation(`requests.memory is ${requests["memory"]}, at least ${minRequestShare} of the limit is required`, "Raise it");
    }
    const serving = books.some(({ tiers }) => tiers?.inference.includes(name));
    const share = serving ? servingShareOfLimit : shareOfLimit;
    // A thousandth of a core is the smallest step, and the share is rounded up to it.
    const expected = Math.ceil(Math.round((quantity(limits["cpu"]) ?? 0) * share * 1e6) / 1000) / 1000;
    if (limits["cpu"] !== undefined && requests["cpu"] !== undefined && quantity(requests["cpu"]) !== expected) {
      violation(`requests.cpu is ${requests["cpu"]}, ${share} of the limit ${limits["cpu"]} is required`, `Set it to ${expected * 1000}m`);
    }
  }),
};
