import { declaredPlan } from "../context";
import { examine, failOnFaults, findingTable } from "../doctor";
import { defineCommand, noOptions } from "./command";

export const doctor = defineCommand({
  summary: "Compare the machine with what the stack needs; makes nothing",
  examples: [["bin/ops doctor", "everything that is missing, in one table, with what to do"]],
  validate: noOptions,
  async run(context) {
    const findings = await examine(context, await declaredPlan(context));
    context.logger.result(findingTable(findings));
    failOnFaults(findings);
    const warnings = findings.filter(({ verdict }) => verdict === "warning").length;
    context.logger.result(warnings === 0 ? "This machine is ready." : `This machine is ready, with ${warnings} warnings.`);
  },
});
