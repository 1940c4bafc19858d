import type { CheckFailure, CheckResult, CreateResult, Provider, ReadResult, UpdateResult } from "@pulumi/pulumi/provider";
import { conceal, isUnknown, reveal, type Props, type Wire } from "../bridge/values";
import type { Difference } from "../difference";
import type { Cluster, ClusterConfig, ObjectReference } from "./cluster";
import { kinds, type Kind } from "./kinds";
import { prune } from "./prune";

/** The program's own inputs beside what the server made of them, as the official plugin keeps them: a diff compares inputs with inputs. */
const INPUTS = "__inputs";

/** Stand-in for the kubernetes plugin 4.34.2, with config maps and secrets that are not declared immutable changed in place (`enableConfigMapMutable`). */
export class KubernetesStandIn implements Provider {
  readonly version = "1.0.0";
  private cancelled = new AbortController();

  constructor(private readonly cluster: Cluster) {}

  configure(config: ClusterConfig): void {
    this.cluster.configure(config);
  }

  async check(urn: string, _olds: Wire, news: Wire): Promise<CheckResult> {
    const kind = kindOf(urn);
    const inputs = reveal(news);
    const manifest = { ...inputs, apiVersion: kind.apiVersion, kind: kind.kind };
    return { inputs: conceal(manifest, news), failures: failures(kind, inputs) };
  }

  async diff(_id: string, urn: string, olds: Wire, news: Wire): Promise<Difference> {
    const kind = kindOf(urn);
    const before = reveal(olds)[INPUTS] ?? {};
    const after = reveal(news);
    const replaces = replacedPaths(kind, before, after);
    const diffs = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(key => !same(before[key], after[key]));
    return {
      changes: diffs.length > 0,
      diffs,
      replaces,
      // Under the same name the new one can only come when the old one is gone.
      deleteBeforeReplace: replaces.length > 0 && identity(before) === identity(after),
    };
  }

  async create(urn: string, news: Wire): Promise<CreateResult> {
    kindOf(urn);
    const inputs = reveal(news);
    const live = await this.cluster.apply(inputs, "create");
    const made = { id: identity(inputs), outs: outs(live, inputs, news) };
    return { ...made, outs: await this.awaited(made.id, inputs, made.outs, news) };
  }

  async read(id: string, _urn: string, props: Wire): Promise<ReadResult> {
    const inputs = reveal(props)[INPUTS];
    const live = await this.cluster.get(referenceOf(inputs));
    // What the program says of an object, as the cluster has it now: a diff then shows what somebody else has changed, and nothing that the server added.
    return live ? { id, props: outs(live, prune(live, inputs), props) } : { id: "", props: {} };
  }

  async update(id: string, _urn: string, _olds: Wire, news: Wire): Promise<UpdateResult> {
    const inputs = reveal(news);
    const live = await this.cluster.apply(inputs, "update");
    return { outs: await this.awaited(id, inputs, outs(live, inputs, news), news) };
  }

  /** The object's state when it does its work. One that does not is in the stack all the same, and the next update waits for it again. */
  private async awaited(id: string, inputs: Props, state: Props, like: Wire): Promise<Props> {
    const reference = referenceOf(inputs);
    try {
      await this.cluster.ready(reference, this.cancelled.signal);
    } catch (error) {
      // The engine's own protocol for this: an error that carries the id, the state so far and the reasons.
      const { message } = error as Error;
      throw Object.assign(new Error(message), { id, properties: state, reasons: [message] });
    }
    return outs((await this.cluster.get(reference)) ?? {}, inputs, like);
  }

  async delete(_id: string, _urn: string, props: Wire): Promise<void> {
    await this.cluster.remove(referenceOf(reveal(props)[INPUTS]), this.cancelled.signal);
  }

  /** Ends what is under way. The engine also calls this at the end of every run, and this process serves the next run too. */
  async cancel(): Promise<void> {
    const underWay = this.cancelled;
    this.cancelled = new AbortController();
    underWay.abort(new Error("cancelled by the engine"));
  }
}

function kindOf(urn: string): Kind {
  const token = urn.split("::")[2]!.split("$").pop()!;
  const kind = kinds[token];
  if (!kind) {
    throw new Error(`the sandbox's stand-in does not implement ${token}; it knows ${Object.keys(kinds).join(", ")}. Use the official plugin for it`);
  }
  return kind;
}

/** What the API server, or the plugin before it, would refuse. */
function failures(kind: Kind, inputs: Props): CheckFailure[] {
  const found: CheckFailure[] = [];
  const metadata: Props = inputs.metadata ?? {};
  if (isUnknown(metadata) || isUnknown(metadata.name)) return found;
  if (typeof metadata.name !== "string") {
    found.push({ property: "metadata.name", reason: "the sandbox's stand-in gives no names: name the object, or use the official plugin" });
  } else if (!/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(metadata.name)) {
    found.push({
      property: "metadata.name",
      reason: `${JSON.stringify(metadata.name)} is not allowed: use lower-case letters, digits, dashes and dots`,
    });
  }
  if (kind.clusterWide && metadata.namespace !== undefined) {
    found.push({ property: "metadata.namespace", reason: `a ${kind.kind} belongs to no namespace: leave it out` });
  }
  for (const key of ["apiVersion", "kind"] as const) {
    if (inputs[key] !== undefined && inputs[key] !== kind[key])
      found.push({ property: key, reason: `is ${inputs[key]}, and the type's is ${kind[key]}` });
  }
  return found;
}

const referenceOf = ({ apiVersion, kind, metadata }: Props): ObjectReference => ({ apiVersion, kind, ...metadata });

/** The official plugin's id: namespace and name. */
function identity({ metadata }: Props): string {
  return metadata?.namespace ? `${metadata.namespace}/${metadata.name}` : metadata?.name;
}

/** Paths whose change the API server refuses. An object that is declared immutable is that in its content too. */
function replacedPaths(kind: Kind, before: Props, after: Props): string[] {
  const frozen = before.immutable === true ? ["data", "binaryData", "stringData", "immutable"] : [];
  const at = (object: Props, path: string): Wire => path.split(".").reduce((value: Wire, key) => value?.[key], object);
  return ["metadata.name", "metadata.namespace", ...kind.immutable, ...frozen].filter(path => !same(at(before, path), at(after, path)));
}

/** Equal whatever the order of keys. */
function same(a: Wire, b: Wire): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: Wire): Wire {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as Props).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}

function outs(live: Props, inputs: Props, like: Wire): Props {
  return { ...conceal(live, like), [INPUTS]: conceal(inputs, like) };
}
