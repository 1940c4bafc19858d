import { booksOf, partsOf, servicesOf } from "../parts";
import { retentionPolicies } from "../parsers/timescaledb";
import { reporter } from "../report";
import type { StackRule } from "../rule";

const DAY = 86_400;

export const rule: StackRule = {
  name: "timescaledb-enforce-table-retention",
  displayName: "Rows are kept, and dropped in time",
  description: "Every hypertable and roll-up of the book drops its rows after exactly the book's days, by a policy in the schema's SQL.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Declare the table's dropAfter as the book says; when the retention itself changes, change the declaration and the pack's book together.",
  tags: ["runbook", "retention", "data"],
  validateStack: (args, report) => {
    const services = servicesOf(args, report);
    const databases = booksOf(args).flatMap(({ database }) => (database && services.has(database.service) ? [database] : []));
    if (databases.length === 0) args.notApplicable("no database of a book is in this stack");
    const policies = partsOf(args, report)
      .flatMap(part => part.files("sql"))
      .flatMap(({ content }) => retentionPolicies(content ?? ""));
    for (const { tableDays } of databases) {
      for (const [table, days] of Object.entries(tableDays)) {
        const found = policies.filter(policy => policy.table === table);
        const violation = reporter("table", table, report);
        if (found.length !== 1)
          violation(`the SQL has ${found.length} retention policies for it, exactly 1 is required`, "Declare its retention once");
        else if (found[0]!.seconds !== days * DAY) {
          violation(
            `its rows are dropped after ${(found[0]!.seconds ?? Number.NaN) / DAY} days, the book says ${days}`,
            `Declare dropAfter as ${days}d`,
          );
        }
      }
      for (const { table } of policies.filter(policy => !(policy.table in tableDays))) {
        reporter("table", table, report)("its rows are dropped, and the book does not say so", "Add it to the book");
      }
    }
  },
};
