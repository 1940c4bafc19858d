import type { Context } from "../context";
import { CommandFailure } from "../exit";
import type { StackPlan } from "../project";
import { table } from "../report";
import { vaultPlan } from "../vault";
import { hasVault } from "../workspace";
import { type Finding, assess } from "./assess";
import { probe } from "./probes";
import { demandOf } from "./requirements";

export async function examine(context: Context, plan: StackPlan): Promise<Finding[]> {
  const demand = demandOf(plan, plan.backups && hasVault(context) ? await vaultPlan(context) : undefined);
  return assess(await probe(context.docker, context.stack, demand.ports), demand, plan);
}

/** Ends the command when the machine lacks something, naming all of it; warnings are noted. */
export async function checkMachine(context: Context, plan: StackPlan): Promise<void> {
  const findings = await examine(context, plan);
  for (const { check, found, mend } of findings.filter(({ verdict }) => verdict === "warning"))
    context.logger.note(`warning: ${check} is ${found}: ${mend ?? ""}`);
  failOnFaults(findings);
}

export function failOnFaults(findings: Finding[]): void {
  const faults = findings.filter(({ verdict }) => verdict === "fault");
  if (faults.length > 0)
    throw new CommandFailure(
      "prerequisites",
      `${faults.length === 1 ? "This is" : `These ${faults.length} are`} in the way:\n${findingTable(faults)}`,
    );
}

export function findingTable(findings: Finding[]): string {
  return table(
    ["CHECK", "FOUND", "REQUIRED", "VERDICT", "WHAT TO DO"],
    findings.map(({ check, found, required, verdict, mend }) => [check, found, required, verdict, mend ?? ""]),
  );
}
