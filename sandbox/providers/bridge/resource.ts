import type { CheckFailure } from "@pulumi/pulumi/provider";
import type { Schema } from "./schema";
import type { Props } from "./values";

/** One resource type of a stand-in. */
export interface ResourceType {
  /** Properties that the program may set. */
  schema: Schema;
  /** Keys that the official plugin knows and this stand-in refuses. */
  unimplemented?: readonly string[];
  /** Outputs that are secret whatever the inputs are. */
  secretOutputs?: readonly string[];
  /** A missing `name` is made from the resource's own name and random digits. */
  autoName?: boolean;
  deleteBeforeReplace?: boolean;
  /** Refusals that take more than one property to see. */
  refuse?(inputs: Props): CheckFailure[];
  /** Reasons to replace that lie in the state and not in the inputs (a certificate near its end). */
  outdated?(state: Props, inputs: Props): string[];
  create(inputs: Props, signal: AbortSignal): Promise<{ id: string; state: Props }>;
  /** The live state, or undefined when the thing is gone. */
  read(id: string, state: Props): Promise<{ id: string; state: Props } | undefined>;
  /** The new state; only called when no changed property replaces. Default: the inputs over the old state. */
  update?(id: string, state: Props, inputs: Props): Promise<Props>;
  remove(id: string, state: Props, signal: AbortSignal): Promise<void>;
}

/** Resource types by their Pulumi token. */
export type ResourceTypes = Record<string, ResourceType>;

/**
 * A creation that failed after the thing existed. The engine keeps it in the state, marked, so that the next `up`
 * replaces it and nothing is orphaned.
 */
export class CreatedButFailed extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly state: Props,
  ) {
    super(message);
  }
}
