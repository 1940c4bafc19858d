import { withEngine } from "../context";
import { failOnViolations, violationReport } from "../report";
import { defineCommand, noOptions } from "./command";
import { previewOn } from "./preview";

export const policy = defineCommand({
  summary: "Judge the stack by the policy pack, from an empty state and without credentials",
  examples: [["bin/ops policy --stack prod", "what a pull request is checked with"]],
  validate: noOptions,
  run: context =>
    withEngine(
      context,
      {},
      async session => {
        const { violations, changes } = await session.onEmpty(open => previewOn(context, session, open));
        failOnViolations(violations);
        if (violations.length > 0) context.logger.result(violationReport(violations));
        context.logger.result(`${changes.length} resources judged, no violation.`);
      },
      "ignored",
    ),
});
