import type * as k8s from "@pulumi/kubernetes";
import type { KubernetesContext } from "./context";
import { labelsOf } from "./labels";
import { portsOf } from "./ports";
import type { Unit } from "./units";

/** The gateway that clients outside come through, and the name under which they ask for a unit. */
interface Exposure {
  hostname: string;
  gateway: { namespace: string; name: string };
}

/** How a unit is reached from outside, where its declaration and the stack's config both say that it is. */
export function exposureOf({ system, domain, gateway }: KubernetesContext, { name, main }: Unit): Exposure | undefined {
  if (!system.services[main.name]?.exposed || !domain || !gateway) return undefined;
  const [namespace, gatewayName] = gateway.split("/");
  return { hostname: `${name}.${domain}`, gateway: { namespace: namespace!, name: gatewayName! } };
}

/** Route of the Gateway API from the cluster's gateway to a unit's Service; TLS ends at the gateway. */
export function routeOf(context: KubernetesContext, unit: Unit): k8s.apiextensions.CustomResourceArgs | undefined {
  const exposure = exposureOf(context, unit);
  if (!exposure) return undefined;
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: unit.name, namespace: unit.namespace, labels: labelsOf(context, unit.name) },
    spec: {
      parentRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", ...exposure.gateway }],
      hostnames: [exposure.hostname],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/" } }],
          backendRefs: [{ group: "", kind: "Service", name: unit.name, port: portsOf(context.system, unit.main).service, weight: 1 }],
        },
      ],
    },
  };
}
