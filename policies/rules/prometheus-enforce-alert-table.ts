import type { Book } from "../books";
import type { Alert } from "../books/book";
import { booksOf, servicesOf, type Part } from "../parts";
import { parseAlertRules, type AlertRule } from "../parsers/alert-rules";
import { readExpression } from "../parsers/promql";
import { reporter } from "../report";
import type { StackRule } from "../rule";

type Violation = (found: string, mend: string) => void;

/** Seconds that the jobs of a stack allow their newest backup to be old. */
function allowedAges({ backups }: Book, has: (service: string) => boolean): number[] {
  return [...new Set((backups?.jobs ?? []).filter(({ of }) => of.every(has)).map(({ maxAge }) => maxAge))];
}

/** All numbers of the expression about backups' ages: three times the allowed age is looked back over, in 180 steps. */
const ageNumbers = (ages: number[]) => ages.map(age => `${3 * age}s ${(3 * age) / 180}s ${age}`).join(" ");

function compare(found: AlertRule, alert: Alert, numbers: string, violation: Violation): void {
  const mend = `Set the book's value for ${alert.name} in the declaration's alerting`;
  const expression = readExpression(found.expr);
  if (!expression) {
    violation(`its expression is no PromQL: ${found.expr}`, "Write it in PromQL's grammar");
    return;
  }
  const limit = expression.limits.join(" and ") || undefined;
  if (limit !== alert.limit) violation(`it fires at ${limit ?? "whatever there is"}, the book says ${alert.limit ?? "whatever there is"}`, mend);
  const other = expression.numbers.join(" ");
  if (other !== numbers) violation(`the other numbers of its expression are "${other}", the book says "${numbers}"`, mend);
  if (found.for !== alert.wait) violation(`it waits ${found.for ?? "not at all"}, the book says ${alert.wait}`, mend);
  if (found.priority !== alert.priority) violation(`its priority is ${found.priority ?? "not set"}, the book says ${alert.priority}`, mend);
  for (const key of ["summary", "description"] as const) {
    if (!found[key]) violation(`it has no ${key}, and who is called would not know what happened`, `Write its ${key}`);
  }
  if (!found.runbookUrl?.endsWith(`/docs/alerts/${alert.name}.md`)) {
    violation(`its runbook_url is ${found.runbookUrl ?? "not set"}, its own page is required`, `Name the page docs/alerts/${alert.name}.md`);
  }
}

export const rule: StackRule = {
  name: "prometheus-enforce-alert-table",
  displayName: "Alert table",
  description:
    "Prometheus has every alert of the book whose services are in the stack, in each of its severities, with its threshold and other numbers, wait, priority, texts and page, neither looser nor stricter, and no other.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Give the alert the book's numbers in the declaration's thresholds; when the table itself changes, change both together.",
  tags: ["runbook", "alerting"],
  validateStack: (args, report) => {
    const services = servicesOf(args, report);
    const watched = booksOf(args).flatMap(book => {
      const server = book.alerting && services.get(book.alerting.prometheus);
      return server ? [{ server, book, alerts: book.alerting!.alerts }] : [];
    });
    if (watched.length === 0) args.notApplicable("no Prometheus of a book is in this stack");
    for (const { server, book, alerts } of watched) {
      const has = (service: string) => services.has(service);
      const rules = rulesOf(server);
      const required = alerts.filter(({ of }) => of.every(has));
      for (const alert of required) {
        const violation = reporter("alert", `${alert.name} (${alert.severity})`, report, undefined);
        const found = rules.filter(({ alert: name, severity }) => name === alert.name && severity === alert.severity);
        if (found.length !== 1) {
          violation(`the rule files have it ${found.length} times, exactly once is required`, "Declare its threshold");
          continue;
        }
        compare(found[0]!, alert, alert.numbers === "ages" ? ageNumbers(allowedAges(book, has)) : alert.numbers, violation);
      }
      for (const { alert, severity } of rules.filter(
        found => !alerts.some(({ name, severity: its }) => name === found.alert && its === found.severity),
      )) {
        reporter("alert", `${alert} (${severity ?? "no severity"})`, report)("the book does not have it", "Add it to the book");
      }
    }
  },
};

const rulesOf = (server: Part): AlertRule[] => server.files("prometheus-rules").flatMap(({ content }) => parseAlertRules(content ?? ""));
