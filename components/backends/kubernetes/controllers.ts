import type * as k8s from "@pulumi/kubernetes";
import { seconds } from "../../../systems/declaration";
import { antiAffinityOf, isReplicated, spreadOf } from "./availability";
import type { KubernetesContext } from "./context";
import type { FileSets, LoweredFiles } from "./files";
import { labelsOf, selectorOf } from "./labels";
import { lowerPod } from "./pod";
import { memoryQuantity } from "./quantities";
import { headlessName } from "./services";
import { trackLabels, trackName, type Track } from "./tracks";
import type { Unit } from "./units";

/** What runs a unit's pods. */
export type Controller =
  | { kind: "Deployment"; args: k8s.apps.v1.DeploymentArgs }
  | { kind: "StatefulSet"; args: k8s.apps.v1.StatefulSetArgs }
  | { kind: "DaemonSet"; args: k8s.apps.v1.DaemonSetArgs };

/** Beyond the longest start that is in order, in seconds: pulling an image and finding a node. */
const SCHEDULING_SECONDS = 300;

/** What keeps data, or is known by its number, keeps its name and its volume. */
export const isStateful = ({ main, members }: Unit) => (main.volumes ?? []).length > 0 || members.length > 1 || main.peerPorts !== undefined;

/** A claim's name from the volume's: `timescale_data` of one replica is its `data`. */
const claimName = (volume: string) => volume.slice(volume.lastIndexOf("_") + 1);

/** Claims of a unit's data volumes, by key of the system's `volumes`. */
function claimsOf({ system }: KubernetesContext, { main }: Unit): Record<string, string> {
  return Object.fromEntries((main.volumes ?? []).map(({ volume }) => [volume, claimName(system.volumes[volume]!.name)]));
}

function claimTemplates(context: KubernetesContext, unit: Unit): k8s.types.input.core.v1.PersistentVolumeClaim[] {
  return Object.entries(claimsOf(context, unit)).map(([volume, name]) => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, labels: labelsOf(context, unit.name) },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: context.storageClass,
      volumeMode: "Filesystem",
      resources: { requests: { storage: memoryQuantity(context.system.volumes[volume]!.size, `volumes.${volume}.size`) } },
    },
  }));
}

/** The controller of a unit, and the objects of its pods' files. */
export function controllerOf(context: KubernetesContext, unit: Unit, track: Track = "stable"): { controller: Controller; files: LoweredFiles[] } {
  const { system } = context;
  const { name, namespace, main, sidecars, replicas } = unit;
  const stateful = isStateful(unit);
  const fileSets: FileSets = Object.fromEntries(unit.members.map(member => [member.name, member.files ?? []]));
  const { template, files } = lowerPod(context, { name, namespace, main, sidecars, fileSets, claims: claimsOf(context, unit) });
  const podAntiAffinity = antiAffinityOf(unit);
  const spec = template.spec as k8s.types.input.core.v1.PodSpec;
  const affinity = { ...(spec.affinity as object | undefined), ...(podAntiAffinity ? { podAntiAffinity } : {}) };
  const own = trackLabels(context, unit, track);
  const placed = {
    metadata: { ...template.metadata, labels: { ...(template.metadata as { labels: Record<string, string> }).labels, ...own } },
    spec: {
      ...spec,
      affinity: Object.keys(affinity).length > 0 ? affinity : undefined,
      topologySpreadConstraints: spreadOf(context, unit, stateful),
    },
  };
  const metadata = { name: trackName(name, track), namespace, labels: labelsOf(context, name) };
  const selector = { matchLabels: { ...selectorOf(name), ...own } };
  if (system.services[main.name]?.onEvery) {
    return {
      files,
      controller: {
        kind: "DaemonSet",
        args: { metadata, spec: { selector, template: placed, updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } } } },
      },
    };
  }
  if (stateful) {
    return {
      files,
      controller: {
        kind: "StatefulSet",
        args: {
          metadata,
          spec: {
            replicas,
            selector,
            template: placed,
            serviceName: headlessName(name),
            // Brokers and servers of an ensemble count from 1, in their ids as in the runbook's names.
            ordinals: isReplicated(unit) ? { start: 1 } : undefined,
            // A quorum is ready when most of it is there: one after another would wait for ever.
            podManagementPolicy: "Parallel",
            updateStrategy: { type: "RollingUpdate" },
            volumeClaimTemplates: claimTemplates(context, unit),
            persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
          },
        },
      },
    };
  }
  // A second one beside the old would need a GPU that nobody has to spare.
  const surge = main.gpu ? { maxSurge: 0, maxUnavailable: 1 } : { maxSurge: 1, maxUnavailable: 0 };
  return {
    files,
    controller: {
      kind: "Deployment",
      args: {
        metadata,
        spec: {
          replicas,
          selector,
          template: placed,
          strategy: { type: "RollingUpdate", rollingUpdate: surge },
          progressDeadlineSeconds: seconds(main.health.startup) + SCHEDULING_SECONDS,
        },
      },
    },
  };
}
