import type { PolicyResource } from "@pulumi/policy";
import type { Registration } from "../../../components/rendering/registrations";
import type { CommittedStack } from "../../committed";
import { asJudged } from "../declared";
import { openingsOf } from "./openings";
import { changesOfText } from "./texts";
import { changesOf, type Json, type Operator } from "./tree";

/** A stack in which one thing is loosened or gone. */
export interface Mutant {
  /** Kind of the resource, or `file:<kind>` of a config file, and the place in it. */
  place: string;
  operator: Operator;
  /** Kind and name of the resource, for people. */
  resource: string;
  /** Rule that must answer, where the mutant itself knows it; else the tables do. */
  by?: string[];
  /** The changed resource; nothing where it is gone. */
  mutated(): PolicyResource[];
  /** All resources of the stack, changed. */
  stack(): PolicyResource[];
}

const kindOf = (type: string) => type.slice(type.lastIndexOf(":") + 1);

/** Config files that a resource holds: their kinds, texts and places. */
function filesOf({ type, inputs }: Registration): { kind: string; text: string; put(text: string): Record<string, unknown> }[] {
  if (type.endsWith(":ConfigMap")) {
    const { metadata, data } = inputs as { metadata: { labels: Record<string, string> }; data: Record<string, string> };
    const kind = metadata.labels["ultrathink.dev/config-kind"]!;
    return Object.entries(data).map(([key, text]) => ({ kind, text, put: changed => ({ ...inputs, data: { ...data, [key]: changed } }) }));
  }
  if (type.endsWith(":Container")) {
    const { labels, uploads } = inputs as { labels: { label: string; value: string }[]; uploads: { file: string; content: string }[] };
    return labels.flatMap(({ label, value }) => {
      const [, kind] = /^dev\.ultrathink\.config\.(.*)$/.exec(label) ?? [];
      if (kind === undefined) return [];
      return value.split(",").flatMap(path =>
        uploads
          .filter(({ file, content }) => file === path && typeof content === "string")
          .map(({ content }) => ({
            kind,
            text: content,
            put: (changed: string) => ({
              ...inputs,
              uploads: uploads.map(upload => (upload.file === path ? { ...upload, content: changed } : upload)),
            }),
          })),
      );
    });
  }
  return [];
}

/**
 * Every mutant of a stack: each place of each resource, of each config file in it, and each resource itself.
 *
 * @param chosen whether a resource is to be changed
 */
export function* mutantsOf(committed: CommittedStack, registered: Registration[], chosen: (resource: Registration) => boolean): Generator<Mutant> {
  const whole = asJudged(committed, registered);
  for (const [index, registration] of registered.entries()) {
    const { type, name, inputs, protect } = registration;
    if (!/^(docker|kubernetes|aws):/.test(type) || !chosen(registration)) continue;
    const kind = kindOf(type);
    const resource = `${kind} ${name}`;
    const mutant = (place: string, operator: Operator, changed: Partial<Registration> | undefined): Mutant => {
      const mutated = () => (changed ? asJudged(committed, [{ ...registration, ...changed }]) : []);
      return { place, operator, resource, mutated, stack: () => [...whole.slice(0, index), ...mutated(), ...whole.slice(index + 1)] };
    };
    yield mutant(kind, "removed", undefined);
    if (protect) yield mutant(`${kind} protect`, "flipped", { protect: false });
    for (const { path, by, value } of openingsOf(kind, plain(inputs))) yield { ...mutant(`${kind} ${path}`, "opened", { inputs: value }), by: [by] };
    const files = filesOf(registration);
    for (const { path, operator, value } of changesOf(plain(inputs))) {
      yield mutant(`${kind} ${path}`, operator, { inputs: value as Record<string, unknown> });
    }
    for (const { kind: fileKind, text, put } of files) {
      for (const { path, operator, value } of changesOfText(fileKind, text) ?? []) {
        yield mutant(`file:${fileKind} ${path}`, operator, { inputs: put(value as string) });
      }
    }
  }
}

/** As JSON, which is what reaches the policies. */
const plain = (inputs: Record<string, unknown>) => JSON.parse(JSON.stringify(inputs)) as { [key: string]: Json };
