import type { KubeConfig, V1Pod } from "@kubernetes/client-node";
import { type Context, stopIfCancelled } from "../context";
import { CommandFailure } from "../exit";
import { tagged } from "../image-reference";
import { clusterOf, kubernetes, reasonOf, requireCluster } from "../kubernetes";
import { LineWriter } from "../lines";
import { forgetPending } from "../leftovers";
import type { PlannedCluster, StackPlan } from "../project";
import type { OpenStack } from "../stack";
import { controllersOf, isWell, why, type Controller } from "./controllers";
import type { LogRequest, Runtime, Status } from "./runtime";

const HEAD = ["SERVICE", "KIND", "READY", "RESTARTS", "CPU", "MEMORY", "NODES", "IMAGE"];
/** How long after the roll-outs the autoscalers may take to have made their least. */
const SETTLE_MS = 120_000;
const POLL_MS = 1000;

/** A Kubernetes cluster: services are the pods of controllers. */
export class KubernetesRuntime implements Runtime {
  private config?: Promise<KubeConfig>;

  constructor(
    private readonly context: Context,
    private readonly plan: StackPlan,
    private readonly cluster: PlannedCluster,
  ) {}

  require = async () => requireCluster(await this.reached());

  /** What was being made belongs to nobody, and a new one of its name would be refused. */
  async clear(open: OpenStack): Promise<void> {
    const { KubernetesObjectApi } = await kubernetes();
    const objects = KubernetesObjectApi.makeApiClient(await this.reached());
    for (const { type, resource } of (await open.state()).pending_operations ?? []) {
      const { apiVersion, kind, metadata } = resource.inputs ?? {};
      // A namespace may hold more than what was being made in it.
      if (type !== "creating" || !kind || !metadata || kind === "Namespace") continue;
      const gone = await objects.delete({ apiVersion, kind, metadata }).then(
        () => true,
        (error: { code?: number }) => {
          if (error.code !== 404) throw error;
          return false;
        },
      );
      if (gone) this.context.logger.note(`Removing ${kind} ${metadata.name}: an interrupted run made it and never recorded it`);
    }
    await forgetPending(this.context, open);
  }

  /** Claims are found by their names, and passwords lie beside them in the cluster's own state. */
  adopt = () => Promise.resolve();

  /** The plugin saw each roll-out end; this sees every replica ready together, those too that an autoscaler adds. */
  async settle(waiting: (names: string[]) => void): Promise<string[]> {
    for (const deadline = Date.now() + SETTLE_MS; ; await new Promise(resolve => setTimeout(resolve, POLL_MS))) {
      const controllers = await this.controllers();
      const late = controllers.filter(one => !isWell(one));
      stopIfCancelled(this.context);
      if (late.length === 0) return this.absent(controllers).map(name => `${name} has no controller. \`bin/ops up\` makes it.`);
      if (Date.now() > deadline) return late.map(why);
      waiting(late.map(({ name }) => name));
    }
  }

  async status(): Promise<Status> {
    const controllers = await this.controllers();
    const absent = this.absent(controllers);
    const ill = controllers.filter(one => !isWell(one));
    return {
      head: HEAD,
      rows: [...controllers.map(row), ...absent.map(name => [name, "", "missing", "", "", "", "", ""])],
      faults: [...ill.map(why), ...(absent.length > 0 ? [`missing: ${absent.join(", ")}`] : [])],
    };
  }

  async logs({ services, follow, tail }: LogRequest, write: (service: string, line: string) => void): Promise<void> {
    const { Log } = await kubernetes();
    const config = await this.reached();
    const running = (await this.controllers()).flatMap(({ pods }) =>
      pods.flatMap(pod => pod.spec!.containers.map(({ name: container }) => ({ service: this.serviceOf(pod, container), pod, container }))),
    );
    const known = [...new Set(running.map(({ service }) => service))];
    const unknown = services.filter(name => !known.includes(name));
    if (unknown.length > 0) throw new CommandFailure("usage", `logs: no pod of ${unknown.join(", ")}; there are ${known.join(", ") || "none"}`);
    await Promise.all(
      running
        .filter(({ service }) => services.length === 0 || services.includes(service))
        .map(async ({ service, pod, container }) => {
          const { namespace, name } = pod.metadata!;
          const source = name === service ? service : `${service} ${name}`;
          const lines = new LineWriter(line => write(source, line));
          const ended = new Promise<void>(resolve => lines.on("close", resolve));
          try {
            const request = await new Log(config).log(namespace!, name!, container, lines, { follow, tailLines: tail });
            // Ctrl-C is how following ends: no failure.
            this.context.signal.addEventListener("abort", () => (request.abort(), lines.destroy()), { once: true });
          } catch (error) {
            throw new CommandFailure("failed", `the log of ${namespace}/${name} cannot be read: ${reasonOf(error)}`);
          }
          await ended;
        }),
    );
  }

  /** What the stack has left of its namespaces, with their claims. What the volumes behind them become is for the cluster's storage class to say. */
  async eraseData(): Promise<void> {
    const { CoreV1Api } = await kubernetes();
    const core = (await this.reached()).makeApiClient(CoreV1Api);
    const { namespaces } = this.cluster;
    const left = async () => {
      const { items } = await core.listNamespace({ labelSelector: this.owned });
      return items.map(({ metadata }) => metadata!.name!).filter(name => namespaces.includes(name));
    };
    for (const name of await left()) await core.deleteNamespace({ name });
    while ((await left()).length > 0) await new Promise(resolve => setTimeout(resolve, POLL_MS));
    const { items } = await core.listPersistentVolume();
    const kept = items.filter(({ spec }) => namespaces.includes(spec?.claimRef?.namespace ?? "")).map(({ metadata }) => metadata!.name!);
    if (kept.length > 0) this.context.logger.note(`Their storage class keeps the volumes, with their data: ${kept.join(", ")}`);
  }

  private reached(): Promise<KubeConfig> {
    return (this.config ??= clusterOf(this.cluster));
  }

  /** Selects what the program has made. */
  private get owned(): string {
    return `app.kubernetes.io/part-of=${this.plan.system},app.kubernetes.io/managed-by=pulumi`;
  }

  private controllers = async () => controllersOf(await this.reached(), this.cluster.namespaces, this.owned);

  private absent(found: Controller[]): string[] {
    const present = new Set(found.map(({ name }) => name));
    const planned = this.plan.services.filter(({ job, leftOut }) => !job && !leftOut).map(({ controller }) => controller);
    return [...new Set(planned)].filter(name => !present.has(name));
  }

  /** Service that a pod's container runs: a member of a group is known by its pod's name. */
  private serviceOf({ metadata }: V1Pod, container: string): string {
    return this.plan.services.find(({ name, controller }) => controller === container && name === metadata!.name)?.name ?? container;
  }
}

function row({ name, kind, wanted, ready, pods, containers }: Controller): string[] {
  const limits = (resource: string) => containers.map(({ resources }) => resources?.limits?.[resource] ?? "none").join(" + ");
  const restarts = pods.flatMap(({ status }) => status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
  const nodes = pods.map(({ spec }) => spec?.nodeName ?? "none yet").join(" ");
  return [name, kind, `${ready}/${wanted}`, String(restarts), limits("cpu"), limits("memory"), nodes, tagged(containers[0]?.image ?? "")];
}
