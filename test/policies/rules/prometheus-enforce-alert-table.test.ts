import { stringify } from "yaml";
import { ultrathink } from "../../../policies/books/ultrathink";
import { CONTAINER } from "../../../policies/docker";
import { rule } from "../../../policies/rules/prometheus-enforce-alert-table";
import { UNKNOWN, container, judgeStack, resource, withFile } from "../support";

interface Written {
  alert: string;
  expr: string;
  for: string;
  labels: { severity: string; priority: string };
  annotations: Record<string, string>;
}

// Of jobs that allow 26 hours and 15 minutes: three times the age, in 180 steps.
const ages = "a[280800s:1560s] / 93600 or b[2700s:15s] / 900";
/** An expression that has a row's threshold and other numbers, and nothing else. */
const expression = (numbers: string, limit: string | undefined) => {
  const inner =
    numbers === "ages"
      ? ages
      : numbers
          .split(" ")
          .filter(Boolean)
          .map(number => (/\d[a-z]$/.test(number) ? `m[${number}]` : number))
          .join(" + ") || "m";
  return limit === undefined ? `sum(${inner})` : `sum(${inner.replace(/m\[3600s\] \+ m\[20s\]/, "m[3600s:20s]")}) ${limit}`;
};
const book: Written[] = ultrathink.alerting!.alerts.map(({ name, severity, priority, wait, limit, numbers }) => ({
  alert: name,
  expr: expression(numbers, limit),
  for: wait,
  labels: { severity, priority },
  annotations: { summary: "s", description: "d", runbook_url: `https://example.com/docs/alerts/${name}.md` },
}));
const needed = [...new Set(["backup", ...ultrathink.alerting!.alerts.flatMap(({ of }) => of), ...ultrathink.backups!.jobs.flatMap(({ of }) => of)])];
const services = (without: string[]) =>
  needed.filter(name => !without.includes(name)).map(name => resource(CONTAINER, container({ name: `ultrathink-${name}`, uploads: [] })));
const text = (rules: Written[]) => stringify({ groups: [{ name: "g", rules }] });
const violations = (rules: Written[], ...without: string[]) =>
  judgeStack(rule, [...services(without), withFile("prometheus", "prometheus-rules", text(rules))]).violations;
const changed = (change: Partial<Written>, name = "RestoreTestTooOld", severity = "warning") =>
  book.map(each => (each.alert === name && each.labels.severity === severity ? { ...each, ...change } : each));

describe(rule.name, () => {
  it("accepts the book's alerts", () => {
    expect(violations(book)).toEqual([]);
  });

  it.each(book)("reports $alert that is missing as $labels.severity", ({ alert, labels }) => {
    expect(violations(book.filter(each => each.alert !== alert || each.labels.severity !== labels.severity))).toEqual([
      `alert "${alert} (${labels.severity})": the rule files have it 0 times, exactly once is required. Declare its threshold.`,
    ]);
  });

  const days = expression("86400", undefined);
  it.each<[string, Partial<Written>, string]>([
    ["a looser threshold", { expr: `${days} > 80` }, "it fires at > 80, the book says > 8"],
    ["a stricter threshold", { expr: `${days} > 1` }, "it fires at > 1, the book says > 8"],
    ["another comparison", { expr: `${days} >= 8` }, "it fires at >= 8, the book says > 8"],
    ["no threshold", { expr: days }, "it fires at whatever there is, the book says > 8"],
    ["a threshold that a second one hides", { expr: `${days} > 8 and on () (x > 100)` }, "it fires at > 8 and > 100"],
    ["another scale", { expr: `${days.replace("86400", "864000")} > 8` }, 'the other numbers of its expression are "864000", the book says "86400"'],
    ["a text that is no PromQL", { expr: "sum(" }, "its expression is no PromQL"],
    ["another wait", { for: "1h" }, "it waits 1h, the book says 10m"],
    ["another priority", { labels: { severity: "warning", priority: "L3" } }, "its priority is L3, the book says L1"],
    ["no description", { annotations: { summary: "s", runbook_url: "x/docs/alerts/RestoreTestTooOld.md" } }, "it has no description"],
    [
      "another alert's page",
      { annotations: { summary: "s", description: "d", runbook_url: "x/docs/alerts/Other.md" } },
      "its runbook_url is x/docs/alerts/Other.md",
    ],
  ])("reports %s", (_title, change, message) => {
    expect(violations(changed(change))).toEqual([expect.stringContaining(`alert "RestoreTestTooOld (warning)": ${message}`)]);
  });

  it("reports another age that a job's newest backup may have", () => {
    const longer = expression("ages", "> 2").replace("/ 900", "/ 9000");
    expect(violations(changed({ expr: longer }, "BackupTooOld", "critical"))).toEqual([
      expect.stringMatching(/^alert "BackupTooOld \(critical\)": the other numbers of its expression are ".* 9000", the book says ".* 900"/),
    ]);
  });

  it("reports an alert that the book does not have", () => {
    expect(violations([...book, { ...book[0]!, alert: "Other" }])).toEqual([
      'alert "Other (critical)": the book does not have it. Add it to the book.',
    ]);
  });

  it("asks for no alert about what the stack does without", () => {
    const without = book.filter(({ alert }) => !alert.startsWith("Kafka") && alert !== "ConsumerLagHigh");
    expect(violations(without, "kafka-1")).toEqual([]);
    expect(violations(without)).toHaveLength(book.length - without.length);
  });

  it("does not judge rules that are not known yet", () => {
    expect(judgeStack(rule, [withFile("prometheus", "prometheus-rules", UNKNOWN)])).toEqual({ violations: [], unknown: true });
  });

  it("does not apply to a stack without Prometheus", () => {
    expect(judgeStack(rule, services([]))).toEqual({ violations: [], notApplicable: "no Prometheus of a book is in this stack" });
  });
});
