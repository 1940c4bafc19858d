import { isDeepStrictEqual } from "node:util";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { nameOf, typeOf } from "./stack";

const CONTAINER = "docker:index/container:Container";

export interface Failure {
  /** Logical name and type of the resource; absent when the program itself failed. */
  resource?: { name: string; type: string };
  message: string;
}

export interface Violation {
  policy: string;
  mandatory: boolean;
  resource?: { name: string; type: string };
  message: string;
}

export interface Change {
  name: string;
  type: string;
  operation: string;
  /** Properties that differ. */
  properties: string[];
}

/** What the engine's events say about an operation, as plain data that a renderer reads. */
export class Progress {
  /** Seconds at which a service's first step began; counted from the start of the operation. */
  readonly started = new Map<string, number>();
  /** Services that are there, with the seconds that they took; 0 for those that needed nothing. */
  readonly ready = new Map<string, number>();
  private readonly failed: Failure[] = [];
  readonly violations: Violation[] = [];
  readonly changes: Change[] = [];

  /** @param services names that count; others (networks, secrets) are only followed when they fail */
  constructor(
    private readonly services: ReadonlySet<string>,
    private readonly elapsed: () => number,
  ) {}

  /** Services that are being worked on now. */
  get running(): string[] {
    return [...this.started.keys()].filter(name => !this.ready.has(name));
  }

  get total(): number {
    return this.services.size;
  }

  /** Takes one event; tells the service that became ready by it, if one did. */
  apply(event: EngineEvent): string | undefined {
    if (event.resourcePreEvent) this.begin(event.resourcePreEvent.metadata);
    if (event.policyEvent) this.violate(event.policyEvent);
    if (event.resOutputsEvent) this.finish(event.resOutputsEvent.metadata);
    return event.diagnosticEvent && this.diagnose(event.diagnosticEvent);
  }

  private begin({ urn, op, diffs, keys, detailedDiff, type }: Step): void {
    const name = nameOf(urn);
    if (WORK.has(op) && typeOf(urn) === CONTAINER && this.services.has(name)) {
      if (!this.started.has(name)) this.started.set(name, this.elapsed());
    }
    if (isChange(op, type)) this.change({ name, type, operation: op, properties: changedProperties(detailedDiff, diffs, keys) });
  }

  private finish({ urn, op, type, detailedDiff, diffs, old, new: now }: Step): void {
    const name = nameOf(urn);
    // A refresh says only at its end that something differs, and leaves it to the reader to find what.
    const named = changedProperties(detailedDiff, diffs);
    if (isChange(op, type))
      this.change({ name, type, operation: op, properties: named.length > 0 || op !== "update" ? named : differences(old?.outputs, now?.outputs) });
  }

  /** The name of a service that the program calls up. */
  private up(urn: string): string | undefined {
    const name = nameOf(urn);
    if (!this.services.has(name)) return undefined;
    const began = this.started.get(name);
    this.ready.set(name, began === undefined ? 0 : this.elapsed() - began);
    return name;
  }

  private change(change: Change): void {
    const same = this.changes.findIndex(
      ({ name, type, operation }) => name === change.name && type === change.type && operation === change.operation,
    );
    if (same < 0) this.changes.push(change);
    else if (change.properties.length > 0) this.changes[same] = change;
  }

  private diagnose({ severity, message, urn }: NonNullable<EngineEvent["diagnosticEvent"]>): string | undefined {
    const text = reason(message);
    if (urn && severity === "info" && text === UP) return this.up(urn);
    if (severity !== "error" || text === "") return undefined;
    const type = urn ? typeOf(urn) : "";
    // The stack's own diagnostics carry the program's error.
    const resource = urn && type !== "pulumi:pulumi:Stack" ? { name: nameOf(urn), type } : undefined;
    const known = this.failed.some(failure => failure.message === text && isDeepStrictEqual(failure.resource, resource));
    if (!known) this.failed.push({ resource, message: text });
    return undefined;
  }

  /** What failed, without the engine's closing "update failed" and the program's repetitions where something more telling was said. */
  get failures(): Failure[] {
    const ofResources = new Set(this.failed.filter(({ resource }) => resource).map(({ message }) => message));
    const telling = this.failed.filter(
      ({ resource, message }) => resource || !(/^(update|preview|refresh|destroy) failed$/.test(message) || ofResources.has(message)),
    );
    return telling.length > 0 ? telling : this.failed;
  }

  private violate({ resourceUrn, message, policyName, enforcementLevel }: NonNullable<EngineEvent["policyEvent"]>): void {
    const type = resourceUrn ? typeOf(resourceUrn) : "";
    const resource = resourceUrn && type !== "pulumi:pulumi:Stack" ? { name: nameOf(resourceUrn), type } : undefined;
    this.violations.push({ policy: policyName, mandatory: enforcementLevel === "mandatory", resource, message: plain(message) });
  }
}

type Step = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];

/** Operations after which a service takes time to become healthy. */
const WORK = new Set<string>(["create", "update", "replace", "create-replacement"]);
/** What the program says of a container that works. */
const UP = "is up";
/** Operations that a person wants to see listed. `replace` stands for its two halves. */
const CHANGE = new Set<string>(["create", "update", "replace", "delete", "import"]);

/** The stack itself and its providers come and go with everything else; a person looks for real resources. */
const isChange = (operation: string, type: string) => CHANGE.has(operation) && !type.startsWith("pulumi:");

/** The first of these that says anything: the engine fills one or another. */
function changedProperties(detailed: Step["detailedDiff"] | null, ...lists: (string[] | null | undefined)[]): string[] {
  return [Object.keys(detailed ?? {}), ...lists].find(list => list && list.length > 0) ?? [];
}

/** Names of the properties whose values differ. */
function differences(old: Record<string, unknown> = {}, now: Record<string, unknown> = {}): string[] {
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(key => !isDeepStrictEqual(old[key], now[key])).sort();
}

/** Text of the engine without its colour markup (`<{%fg 1%}>`) and without trailing space. */
export function plain(text: string): string {
  return text.replace(/<\{%.*?%\}>/g, "").trimEnd();
}

/** Why something failed, in the provider's words: a plugin logs it with its own marks, and the engine says it again with a count and the URN. */
function reason(message: string): string {
  return plain(message)
    .replace(/^\s*\S+\.go:\d+: sdk\.helper_schema: (.*): provider=\S+$/s, "$1")
    .replace(/^(\d+ errors? occurred:\s+\* (\w+ urn:\S+: )?)+/, "");
}

/** `75` becomes `1m15s`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (seconds < 9.95) return `${Math.max(0, seconds).toFixed(1)}s`;
  return whole < 60 ? `${whole}s` : `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, "0")}s`;
}

/** The running clock: how many of how many, what is being waited for, and how long it may still take. */
export function clock(progress: Progress, elapsed: number, lastRun: number | undefined): string {
  const left =
    lastRun === undefined
      ? ""
      : lastRun > elapsed
        ? `, about ${duration(lastRun - elapsed)} left`
        : `, ${duration(elapsed - lastRun)} longer than last time`;
  const names = progress.running;
  const waiting = names.length === 0 ? "" : `: ${names.slice(0, SHOWN).join(", ")}${names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ""}`;
  return `[${duration(elapsed)}] ${progress.ready.size}/${progress.total} ready${left}${waiting}`;
}

/** Names on one line of the clock. */
const SHOWN = 6;
