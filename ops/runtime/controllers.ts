import type { KubeConfig, V1Container, V1Pod } from "@kubernetes/client-node";
import { kubernetes } from "../kubernetes";

/** A controller, whatever its kind. */
export interface Controller {
  name: string;
  kind: "Deployment" | "StatefulSet" | "DaemonSet";
  /** Replicas that there are to be: what is declared, or the least of its autoscaler. */
  wanted: number;
  ready: number;
  pods: V1Pod[];
  containers: V1Container[];
}

export const isWell = ({ wanted, ready }: Controller) => ready >= wanted;

/**
 * The controllers of some namespaces, by name.
 *
 * @param labelSelector of the controllers and their pods
 */
export async function controllersOf(config: KubeConfig, namespaces: string[], labelSelector: string): Promise<Controller[]> {
  const { AppsV1Api, AutoscalingV2Api, CoreV1Api } = await kubernetes();
  const [apps, core, autoscaling] = [config.makeApiClient(AppsV1Api), config.makeApiClient(CoreV1Api), config.makeApiClient(AutoscalingV2Api)];
  const found = await Promise.all(
    namespaces.map(async (namespace): Promise<Controller[]> => {
      const of = { namespace, labelSelector };
      const [pods, scalers, deployments, sets, daemons] = await Promise.all([
        core.listNamespacedPod(of),
        autoscaling.listNamespacedHorizontalPodAutoscaler(of),
        apps.listNamespacedDeployment(of),
        apps.listNamespacedStatefulSet(of),
        apps.listNamespacedDaemonSet(of),
      ]);
      const least = new Map(scalers.items.map(({ metadata, spec }) => [metadata!.name!, spec?.minReplicas ?? 1]));
      const podsOf = (kind: string, name: string) => pods.items.filter(pod => ownedBy(pod, kind, name));
      const one = (kind: Controller["kind"], name: string, wanted: number, ready: number | undefined, containers: V1Container[]): Controller => ({
        name,
        kind,
        wanted: Math.max(wanted, least.get(name) ?? 0),
        ready: ready ?? 0,
        pods: podsOf(kind, name),
        containers,
      });
      return [
        ...deployments.items.map(({ metadata, spec, status }) =>
          one("Deployment", metadata!.name!, spec!.replicas ?? 1, status?.readyReplicas, spec!.template.spec!.containers),
        ),
        ...sets.items.map(({ metadata, spec, status }) =>
          one("StatefulSet", metadata!.name!, spec!.replicas ?? 1, status?.readyReplicas, spec!.template.spec!.containers),
        ),
        ...daemons.items.map(({ metadata, spec, status }) =>
          one("DaemonSet", metadata!.name!, status?.desiredNumberScheduled ?? 0, status?.numberReady, spec!.template.spec!.containers),
        ),
      ];
    }),
  );
  return found.flat().sort((a, b) => a.name.localeCompare(b.name));
}

/** Whether a pod belongs to a controller; a Deployment's are its ReplicaSets'. */
function ownedBy({ metadata }: V1Pod, kind: string, name: string): boolean {
  return (metadata?.ownerReferences ?? []).some(owner =>
    kind === "Deployment"
      ? owner.kind === "ReplicaSet" && owner.name.slice(0, owner.name.lastIndexOf("-")) === name
      : owner.kind === kind && owner.name === name,
  );
}

/** Why a controller's replicas are not all ready, in the words of the first pod that has any. */
export function why({ name, wanted, ready, pods }: Controller): string {
  const said = pods.flatMap(({ metadata, status }) => [
    ...(status?.conditions ?? [])
      .filter(({ status: state, message }) => state === "False" && message)
      .map(({ message }) => `${metadata!.name}: ${message}`),
    ...(status?.containerStatuses ?? []).flatMap(({ state }) =>
      state?.waiting ? `${metadata!.name}: ${state.waiting.message ?? state.waiting.reason}` : [],
    ),
  ]);
  return `${name}: ${ready} of ${wanted} replicas are ready${said.length > 0 ? ` (${said[0]})` : ""}`;
}
