import { lastPlan } from "../context";
import { CommandFailure } from "../exit";
import { table } from "../report";
import { runtimeOf } from "../runtime";
import { defineCommand, noOptions } from "./command";

export const status = defineCommand({
  summary: "Show every service, and the vault: health, restarts, limits and use, where it runs, image",
  examples: [["bin/ops status", "exit code 3 when something is unhealthy or missing"]],
  validate: noOptions,
  async run(context) {
    const plan = await lastPlan(context);
    const runtime = runtimeOf(context, plan);
    await runtime.require();
    const { head, rows, faults } = await runtime.status();
    context.logger.result(table(head, rows));
    const leftOut = plan.services.filter(({ leftOut }) => leftOut);
    for (const { name, leftOut: reason } of leftOut) context.logger.result(`Left out: ${name} (${reason})`);
    if (faults.length > 0) throw new CommandFailure("deviated", `${faults.join("; ")}. bin/ops logs <service> says why, bin/ops up repairs.`);
  },
});
