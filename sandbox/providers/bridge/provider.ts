import { randomBytes } from "node:crypto";
import type { CheckResult, CreateResult, Provider, ReadResult, UpdateResult } from "@pulumi/pulumi/provider";
import type { Difference } from "../difference";
import { failures } from "./check";
import { changes, keepSpelling } from "./diff";
import { CreatedButFailed, type ResourceType, type ResourceTypes } from "./resource";
import { withDefaults } from "./schema";
import { conceal, reveal, secret, type Props, type Wire } from "./values";

/** Marks, in the state, a resource whose creation failed half-way; the next diff replaces it. */
const TAINTED = "__tainted";

/** Serves a set of resource types to the Pulumi engine; the stand-in's counterpart of Pulumi's Terraform bridge. */
export class StandIn implements Provider {
  private cancelled = new AbortController();

  /** Of the stand-in itself: the engine takes the plugin's version from the program's SDK. */
  readonly version = "1.0.0";

  constructor(private readonly types: ResourceTypes) {}

  async check(urn: string, olds: Wire, news: Wire): Promise<CheckResult> {
    const type = this.typeOf(urn);
    const inputs = reveal(news);
    if (type.autoName && inputs.name === undefined) {
      inputs.name = reveal(olds)?.name ?? `${urn.split("::").pop()}-${randomBytes(4).toString("hex").slice(0, 7)}`;
    }
    const found = failures(type.schema, inputs, type.unimplemented ?? []);
    if (found.length === 0) found.push(...(type.refuse?.(inputs) ?? []));
    return { inputs: conceal(withDefaults(type.schema, inputs), news), failures: found };
  }

  async diff(_id: string, urn: string, olds: Wire, news: Wire): Promise<Difference> {
    const type = this.typeOf(urn);
    const state = reveal(olds);
    const inputs = reveal(news);
    const { changed, replaced } = changes(type.schema, state, inputs);
    replaced.push(...(type.outdated?.(state, inputs) ?? []));
    if (state[TAINTED]) replaced.push(TAINTED);
    return {
      changes: changed.length + replaced.length > 0,
      diffs: changed,
      replaces: replaced,
      deleteBeforeReplace: type.deleteBeforeReplace === true && replaced.length > 0,
    };
  }

  async create(urn: string, news: Wire): Promise<CreateResult> {
    const type = this.typeOf(urn);
    const inputs = reveal(news);
    try {
      const { id, state } = await type.create(inputs, this.cancelled.signal);
      return { id, outs: this.outs(type, news, keepSpelling(type.schema, inputs, state)) };
    } catch (error) {
      if (!(error instanceof CreatedButFailed)) throw error;
      // The engine's own protocol for this: an error that carries the id, the state so far and the reasons.
      const properties = this.outs(type, news, { ...error.state, [TAINTED]: true });
      throw Object.assign(new Error(error.message), { id: error.id, properties, reasons: [error.message] });
    }
  }

  async read(id: string, urn: string, props: Wire): Promise<ReadResult> {
    const type = this.typeOf(urn);
    const prior = reveal(props ?? {});
    const found = await type.read(id, prior);
    if (!found) return { id: "", props: {} };
    return { id: found.id, props: this.outs(type, props, keepSpelling(type.schema, prior, found.state)) };
  }

  async update(id: string, urn: string, olds: Wire, news: Wire): Promise<UpdateResult> {
    const type = this.typeOf(urn);
    const state = reveal(olds);
    const inputs = reveal(news);
    const updated = type.update ? await type.update(id, state, inputs) : { ...state, ...inputs };
    return { outs: this.outs(type, news, updated) };
  }

  async delete(id: string, urn: string, props: Wire): Promise<void> {
    await this.typeOf(urn).remove(id, reveal(props), this.cancelled.signal);
  }

  /** Ends what is under way. The engine also calls this at the end of every run, and this process serves the next run too. */
  async cancel(): Promise<void> {
    const underWay = this.cancelled;
    this.cancelled = new AbortController();
    underWay.abort(new Error("cancelled by the engine"));
  }

  private outs(type: ResourceType, like: Wire, state: Props): Props {
    // Undefined has no place on the wire.
    const outs = conceal(JSON.parse(JSON.stringify(state)), like);
    for (const key of type.secretOutputs ?? []) if (outs[key] !== undefined) outs[key] = secret(outs[key]);
    return outs;
  }

  private typeOf(urn: string): ResourceType {
    const token = urn.split("::")[2]!.split("$").pop()!;
    const type = this.types[token];
    if (!type) {
      throw new Error(
        `the sandbox's stand-in does not implement ${token}; it knows ${Object.keys(this.types).join(", ")}. Use the official plugin for it`,
      );
    }
    return type;
  }
}
