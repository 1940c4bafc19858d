import type * as k8s from "@pulumi/kubernetes";
import type { ServiceSpec } from "../../spec";
import { releaseOf } from "../../releases";
import type { KubernetesContext } from "./context";
import { labelsOf, selectorOf } from "./labels";
import { portsOf } from "./ports";
import { releasedServices, trackLabels, trackName, type Track } from "./tracks";
import type { Unit } from "./units";

/** Name of the Service that gives each replica of a set an address of its own. */
export const headlessName = (name: string) => `${name}-headless`;

function servicePorts(context: KubernetesContext, spec: ServiceSpec): k8s.types.input.core.v1.ServicePort[] {
  const { service, metrics } = portsOf(context.system, spec);
  const port = (name: string, number: number) => ({ name, port: number, targetPort: number, protocol: "TCP" });
  return [
    ...(service === undefined ? [] : [port("service", service)]),
    ...(metrics === undefined ? [] : [port("metrics", metrics)]),
    ...(spec.peerPorts ?? []).map((peer, index) => port(`peer-${index + 1}`, peer)),
  ];
}

/** Version that a released service's clients get. */
function liveVersion({ system, imageOverrides, releases }: KubernetesContext, { main }: Unit): Record<string, string> {
  if (!releasedServices(system).includes(main.name)) return {};
  return { version: releaseOf(system, { images: imageOverrides, releases }, main.name).live };
}

/** Address of one of a released service's two Deployments, whichever of them clients get. */
export function addressOf(context: KubernetesContext, unit: Unit, track: Track): k8s.core.v1.ServiceArgs {
  const { name, namespace, main } = unit;
  return {
    metadata: { name: trackName(name, track), namespace, labels: labelsOf(context, name) },
    spec: { type: "ClusterIP", selector: { ...selectorOf(name), ...trackLabels(context, unit, track) }, ports: servicePorts(context, main) },
  };
}

/**
 * Services of a unit: the name that its clients use, those of its sidecars, and for a set the addresses of its replicas, which their peers need before they are ready. The
 * name of a released service also selects the version: the runbook's switch between two releases.
 */
export function servicesOf(context: KubernetesContext, unit: Unit, stateful: boolean): k8s.core.v1.ServiceArgs[] {
  const { system } = context;
  const { name, namespace, main } = unit;
  const ports = servicePorts(context, main);
  if (ports.length === 0 || system.services[main.name]?.onEvery) return [];
  const labels = labelsOf(context, name);
  const clients: k8s.core.v1.ServiceArgs = {
    metadata: { name, namespace, labels },
    spec: { type: "ClusterIP", selector: { ...selectorOf(name), ...liveVersion(context, unit) }, ports },
  };
  // Asked whether the service beside it is ready or not.
  const sidecars = unit.sidecars.map((sidecar): k8s.core.v1.ServiceArgs => ({
    metadata: { name: sidecar.name, namespace, labels: labelsOf(context, sidecar.name) },
    spec: { type: "ClusterIP", publishNotReadyAddresses: true, selector: selectorOf(name), ports: servicePorts(context, sidecar) },
  }));
  if (!stateful) return [clients, ...sidecars];
  const replicas: k8s.core.v1.ServiceArgs = {
    metadata: { name: headlessName(name), namespace, labels },
    spec: { type: "ClusterIP", clusterIP: "None", publishNotReadyAddresses: true, selector: selectorOf(name), ports },
  };
  // A member of a group is known by its own name too, ready or not: brokers send their clients to one another.
  const members = unit.members.length > 1 ? unit.members : [];
  return [
    clients,
    replicas,
    ...sidecars,
    ...members.map((member): k8s.core.v1.ServiceArgs => ({
      metadata: { name: member.name, namespace, labels },
      spec: {
        type: "ExternalName",
        externalName: `${member.name}.${headlessName(name)}.${namespace}.svc.${context.clusterDomain}`,
        ports: ports.map(({ name: port, port: number, protocol }) => ({ name: port, port: number, protocol })),
      },
    })),
  ];
}
