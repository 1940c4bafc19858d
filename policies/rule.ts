import type { PolicyConfigSchema, ResourceValidation, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { UnknownValueError } from "@pulumi/policy";

/** What every rule of the pack says about itself. */
interface RuleMetadata {
  /** The id, and the file's name: `<provider>-<kind>-<verb>-<subject>`. Never changed, never used again for something else. */
  name: string;
  displayName: string;
  description: string;
  severity: "low" | "medium" | "high" | "critical";
  /** The strictest level; policies/profiles lowers it where an environment may differ. */
  enforcementLevel: "mandatory";
  /** What to do about a violation, ending in a full stop. */
  remediationSteps: string;
  tags: string[];
  configSchema?: PolicyConfigSchema;
}

/** A rule that judges one resource before it is made. */
export type ResourceRule = RuleMetadata & ResourceValidationPolicy;

/** A rule that judges all resources of the stack together. */
export type StackRule = RuleMetadata & StackValidationPolicy;

export type Rule = ResourceRule | StackRule;

/** Reads a value that may still be unknown in a preview: `undefined` then, so that the rest of the resource is judged all the same. */
export function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownValueError) return undefined;
    throw error;
  }
}

/** Whether a text is given: one that a preview does not know yet is, and one that is empty is not. */
export function isGiven(read: () => unknown): boolean {
  try {
    return Boolean(read());
  } catch (error) {
    if (error instanceof UnknownValueError) return true;
    throw error;
  }
}

/** What a property of a schema holds, by its type there. */
type Held<Property> = Property extends { type: "number" | "integer" } ? number : Property extends { type: "string" } ? string : string[];

/** A rule's thresholds: the schema's defaults, overlaid by what the profile configures. */
export function thresholds<Schema extends PolicyConfigSchema>(
  schema: Schema,
  args: { getConfig<C extends object>(): C },
): { [Key in keyof Schema["properties"]]: Held<Schema["properties"][Key]> } {
  const defaults = Object.entries(schema.properties).map(([key, { default: value }]) => [key, value]);
  return { ...Object.fromEntries(defaults), ...args.getConfig() };
}

/** Tells the SDK that a check is for one type alone: it then spares every other resource the reading of its properties. */
export const ofOneType = (type: string, check: ResourceValidation): ResourceValidation => Object.assign(check, { __pulumiType: type });
