import { onContainers } from "../docker";
import { thresholds, type ResourceRule } from "../rule";

const configSchema = {
  properties: {
    addresses: {
      type: "array" as const,
      items: { type: "string" as const },
      default: ["127.0.0.1", "::1"],
      description: "Addresses of the host that a port may be published on.",
    },
  },
};

export const rule: ResourceRule = {
  name: "docker-container-disallow-public-port",
  displayName: "Ports on loopback",
  description: "Ports are published on the host's loopback address only; Docker's default is every address, past the host's firewall.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Publish the port on 127.0.0.1; to open it on purpose, name the address in the rule's config as well as in the stack's.",
  tags: ["network"],
  configSchema,
  validateResource: onContainers(({ props, args, violation }) => {
    const { addresses } = thresholds(configSchema, args);
    for (const port of props.ports ?? []) {
      if (!addresses.includes(port.ip ?? "0.0.0.0")) {
        violation(
          `port ${port.internal} is published on ${port.ip ?? "every address"}, ${[...addresses].join(" or ")} is allowed`,
          `Set the port's ip to ${addresses[0]}`,
        );
      }
    }
    if (props.publishAllPorts) {
      violation("publishAllPorts publishes the image's ports on every address", "Remove it and list the ports");
    }
  }),
};
