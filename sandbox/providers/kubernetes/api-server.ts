import { setTimeout as sleep } from "node:timers/promises";
import type { Props } from "../bridge/values";
import type { Cluster, ClusterConfig, ObjectReference } from "./cluster";
import { ApiError, Connection } from "./connection";
import { kinds } from "./kinds";
import { selectsPods, waitForEndpoints, waits } from "./waits";

/** Who the objects' fields belong to, as with the official plugin. */
const FIELD_MANAGER = "pulumi-kubernetes";
const SKIP_AWAIT = "pulumi.com/skipAwait";
/** The official plugin's default for a wait, in milliseconds. */
const LONGEST_WAIT = 600_000;
const POLL = 500;

/** The cluster that the kubeconfig and the provider's configuration name. */
export class ApiServer implements Cluster {
  private config: ClusterConfig = {};
  private opened?: Promise<Connection>;

  /** @param log receives what the server warns of */
  constructor(private readonly log: (line: string) => void) {}

  configure(config: ClusterConfig): void {
    this.config = config;
    this.opened = undefined;
  }

  private get connection(): Promise<Connection> {
    return (this.opened ??= Connection.open(this.config.context));
  }

  async apply(manifest: Props, mode: "create" | "update"): Promise<Props> {
    const reference = referenceOf(manifest);
    const path = pathOf(reference);
    if (mode === "create" && (await this.get(reference))) throw new Error(`${nameOf(reference)} is there already, and not this stack's`);
    const force = this.config.enablePatchForce === "true";
    const query = `fieldManager=${FIELD_MANAGER}&force=${force}&fieldValidation=Warn`;
    const warned = (warning: string) => this.log(`kubernetes: ${nameOf(reference)}: warning: ${warning}`);
    return (await this.connection).send("PATCH", `${path}?${query}`, manifest, "application/apply-patch+yaml", warned);
  }

  async ready(reference: ObjectReference, signal: AbortSignal): Promise<void> {
    await this.poll(reference, signal, "is not ready", async () => {
      const live = await this.get(reference);
      if (!live) return "it is gone";
      if (live.metadata.annotations?.[SKIP_AWAIT] === "true") return undefined;
      if (reference.kind !== "Service") return waits[reference.kind]?.(live);
      return selectsPods(live) ? waitForEndpoints(await this.endpoints(reference)) : undefined;
    });
  }

  async get(reference: ObjectReference): Promise<Props | undefined> {
    try {
      return await (await this.connection).send("GET", pathOf(reference));
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return undefined;
      throw error;
    }
  }

  async remove(reference: ObjectReference, signal: AbortSignal): Promise<void> {
    const { metadata } = (await this.get(reference)) ?? {};
    if (!metadata) return;
    await (await this.connection).send("DELETE", pathOf(reference), { propagationPolicy: "Foreground", preconditions: { uid: metadata.uid } });
    await this.poll(reference, signal, "is not gone", async () =>
      (await this.get(reference))?.metadata.uid === metadata.uid ? "what it owns is still there" : undefined,
    );
  }

  private async endpoints({ namespace, name }: ObjectReference): Promise<Props[]> {
    const selector = encodeURIComponent(`kubernetes.io/service-name=${name}`);
    return (await (await this.connection).send("GET", `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${selector}`))
      .items;
  }

  /** Asks until nothing is left to wait for. */
  private async poll(reference: ObjectReference, signal: AbortSignal, what: string, reason: () => Promise<string | undefined>): Promise<void> {
    const deadline = Date.now() + LONGEST_WAIT;
    for (;;) {
      signal.throwIfAborted();
      const why = await reason();
      if (why === undefined) return;
      if (Date.now() > deadline) throw new Error(`${nameOf(reference)} ${what} within ${LONGEST_WAIT / 60_000} minutes: ${why}`);
      await sleep(POLL);
    }
  }
}

const referenceOf = ({ apiVersion, kind, metadata }: Props): ObjectReference => ({ apiVersion, kind, ...metadata });

const nameOf = ({ kind, namespace, name }: ObjectReference) => `${kind} ${namespace ? `${namespace}/` : ""}${name}`;

function pathOf({ apiVersion, kind, namespace, name }: ObjectReference): string {
  const { plural } = Object.values(kinds).find(each => each.apiVersion === apiVersion && each.kind === kind)!;
  const api = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${api}${namespace ? `/namespaces/${namespace}` : ""}/${plural}/${name}`;
}
