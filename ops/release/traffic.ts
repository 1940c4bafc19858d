import { createServer, type AddressInfo, type Socket } from "node:net";
import { PassThrough } from "node:stream";
import type { KubeConfig, V1Pod } from "@kubernetes/client-node";
import { clusterOf, kubernetes, requireCluster } from "../kubernetes";
import type { PlannedCluster } from "../project";

/** Ways into some pods from this machine. */
export interface Forward {
  /** One base URL for each pod. */
  urls: string[];
  close(): void;
}

/** What a cluster says of the services that clients use. */
export interface Traffic {
  /** Version that a Service selects now, whoever set it; undefined where there is no such Service, or it selects none. */
  selected(service: string): Promise<string | undefined>;
  /** Pods of a Deployment that are ready. */
  ready(deployment: string): Promise<number>;
  /**
   * Opens a way to a port of every ready pod behind a Service. It leads through API server and kubelet into the pod itself, as `kubectl port-forward`
   * does: no network policy has to allow it, and clients outside have no such way.
   */
  forward(service: string, port: number): Promise<Forward>;
}

const notFound = (error: unknown) => (error as { code?: number }).code === 404;

/** The cluster of a stack, by its kubeconfig. */
export async function clusterTraffic(planned: PlannedCluster): Promise<Traffic> {
  const config = await clusterOf(planned);
  await requireCluster(config);
  const { AppsV1Api, CoreV1Api } = await kubernetes();
  const [core, apps] = [config.makeApiClient(CoreV1Api), config.makeApiClient(AppsV1Api)];
  const namespace = planned.namespaces[0]!;
  const orUndefined = <T>(answer: Promise<T>) =>
    answer.catch((error: unknown) => {
      if (notFound(error)) return undefined;
      throw error;
    });
  const selector = async (name: string) => (await orUndefined(core.readNamespacedService({ name, namespace })))?.spec?.selector;
  return {
    selected: async service => (await selector(service))?.version,
    ready: async name => (await orUndefined(apps.readNamespacedDeployment({ name, namespace })))?.status?.readyReplicas ?? 0,
    async forward(service, port) {
      const labels = Object.entries((await selector(service)) ?? {}).map(([key, value]) => `${key}=${value}`);
      if (labels.length === 0) throw new Error(`there is no Service ${service} in namespace ${namespace}`);
      const { items } = await core.listNamespacedPod({ namespace, labelSelector: labels.join(",") });
      const pods = items.filter(isReady);
      if (pods.length === 0) throw new Error(`no pod behind Service ${service} (${labels.join(", ")}) is ready`);
      const ways = await Promise.all(pods.map(({ metadata }) => forwardPod(config, namespace, metadata!.name!, port)));
      return { urls: ways.map(({ url }) => url), close: () => ways.forEach(way => way.close()) };
    },
  };
}

function isReady({ metadata, status }: V1Pod): boolean {
  return !metadata?.deletionTimestamp && (status?.conditions ?? []).some(({ type, status: is }) => type === "Ready" && is === "True");
}

/** A port of this machine that leads to a pod's; each connection has a stream of its own to the API server. */
export async function forwardPod(config: KubeConfig, namespace: string, pod: string, port: number): Promise<{ url: string; close(): void }> {
  const { PortForward } = await kubernetes();
  const forwarding = new PortForward(config);
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    const complaints = new PassThrough().on("data", () => socket.destroy());
    forwarding.portForward(namespace, pod, [port], socket, complaints, socket).then(
      stream => {
        const ended = stream as { onclose: unknown };
        ended.onclose = () => socket.destroy();
      },
      (error: Error) => socket.destroy(error),
    );
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
