import Table from "cli-table3";
import { type Context } from "./context";
import { lastLines } from "./docker";
import { CommandFailure } from "./exit";
import type { Change, Failure, Violation } from "./progress";
import type { PlannedService } from "./project";

/** A table without colours, so that it reads the same in a terminal, a log and a test. */
export function table(head: string[], rows: string[][]): string {
  const made = new Table({ head, style: { head: [], border: [] }, chars: PLAIN_BORDERS });
  made.push(...rows);
  // The last column is padded to its width; nobody needs that.
  return made.toString().replace(/ +$/gm, "");
}

const PLAIN_BORDERS = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: " ",
};

/** The containers whose last log lines explain a failure. */
export type Explained = { backend: string; services: Pick<PlannedService, "name" | "container">[] };

/** Bytes in the unit in which a person says them. */
export function bytes(count: number): string {
  const power = Math.min(UNITS.length - 1, count > 0 ? Math.floor(Math.log(count) / Math.log(1024)) : 0);
  const value = count / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** Why an operation failed: each resource with the engine's words and, for a service, what its container wrote last. */
export async function explain(context: Context, plan: Explained, failures: Failure[]): Promise<string> {
  const parts = await Promise.all(failures.map(failure => explainOne(context, plan, failure)));
  const next = "`bin/ops up` goes on from here: it keeps what is healthy and repairs the rest.";
  return [...(parts.length > 0 ? parts : ["The engine failed without naming a resource."]), next].join("\n\n");
}

async function explainOne(context: Context, plan: Explained, { resource, message }: Failure): Promise<string> {
  if (!resource) return message;
  const service = plan.services.find(({ name }) => name === resource.name);
  const log = service && plan.backend === "docker" ? await logTail(context, service.container) : "";
  const hint = service ? `\nMore: bin/ops logs ${service.name} --tail 200` : "";
  return `${resource.name} (${resource.type}) failed: ${message}${log}${hint}`;
}

const TAIL = 15;

export async function logTail(context: Context, container: string): Promise<string> {
  const lines = await lastLines(context.docker, container, TAIL);
  return lines.length === 0 ? "" : `\nIts last log lines:\n${lines.map(line => `  | ${line}`).join("\n")}`;
}

/** Violations as a person mends them: resource, rule, message. */
export function violationReport(violations: Violation[]): string {
  return violations
    .map(
      ({ policy, mandatory, resource, message }) =>
        `${mandatory ? "VIOLATION" : "warning"}  ${resource ? `${resource.name} (${resource.type})` : "the stack"}\n  rule: ${policy}\n  ${message.split("\n").join("\n  ")}`,
    )
    .join("\n\n");
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", "<br>");

/** Violations as a reviewer mends them, in Markdown: one row each, what must be mended first. */
export function violationSummary(heading: string, violations: Violation[]): string {
  const mandatory = violations.filter(violation => violation.mandatory).length;
  const counts = `${mandatory} to mend, ${violations.length - mandatory} advisory`;
  const rows = [...violations]
    .sort((a, b) => Number(b.mandatory) - Number(a.mandatory))
    .map(({ policy, mandatory: must, resource, message }) => {
      const where = resource ? `\`${resource.name}\` (${resource.type})` : "the stack";
      // The first line is the rule's own description, which its page says too.
      return `| ${must ? "mend" : "advisory"} | ${cell(where)} | [\`${policy}\`](policies/README.md) | ${cell(message.split("\n").slice(1).join("\n") || message)} |`;
    });
  const table = rows.length > 0 ? ["| | resource | rule | found, and how to mend it |", "| --- | --- | --- | --- |", ...rows, ""] : [];
  return [`## ${heading}`, "", violations.length > 0 ? counts : "No violation.", "", ...table, ""].join("\n");
}

/** Ends the command when a mandatory policy was violated. */
export function failOnViolations(violations: Violation[]): void {
  const mandatory = violations.filter(violation => violation.mandatory);
  if (mandatory.length > 0) {
    throw new CommandFailure(
      "policy",
      `${violationReport(mandatory)}\n\n${mandatory.length} ${mandatory.length === 1 ? "violation" : "violations"}. Mend the declaration, or the rule in policies/ when the runbook has changed.`,
    );
  }
}

const SIGN: Record<string, string> = { create: "+", update: "~", replace: "±", delete: "-", import: "=" };

export function changeReport(changes: Change[]): string {
  return changes
    .map(
      ({ name, type, operation, properties }) =>
        `  ${SIGN[operation] ?? "?"} ${operation.padEnd(8)} ${name} (${type})${properties.length > 0 ? `: ${properties.join(", ")}` : ""}`,
    )
    .join("\n");
}
