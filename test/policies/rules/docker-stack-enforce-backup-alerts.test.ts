import { ultrathink } from "../../../policies/books/ultrathink";
import { CONTAINER } from "../../../policies/docker";
import { rule } from "../../../policies/rules/docker-stack-enforce-backup-alerts";
import { UNKNOWN, container, judgeStack, resource } from "../support";

const FILE = "/etc/prometheus/rules/backups.yml";

interface Written {
  name: string;
  severity: string;
  expr: string;
}

const book: Written[] = ultrathink.backups!.alerts.map(({ name, severity, limit }) => ({
  name,
  severity,
  expr: `${name === "BackupTooOld" ? "(age / 93600 or age / 900)" : "measure"} ${limit}`,
}));
const rules = (alerts: Written[]) =>
  `groups:\n  - name: g\n    rules:\n${alerts.map(({ name, severity, expr }) => `      - alert: ${name}\n        expr: ${expr}\n        labels:\n          severity: ${severity}\n`).join("")}`;
const prometheus = (content: string) =>
  resource(
    CONTAINER,
    container({
      name: "ultrathink-prometheus",
      labels: [{ label: "dev.ultrathink.config.prometheus-rules", value: `/etc/prometheus/rules/data.yml,${FILE}` }],
      uploads: [
        { file: "/etc/prometheus/rules/data.yml", content: "groups: []\n" },
        { file: FILE, content },
      ],
    }),
  );
const backup = resource(CONTAINER, container({ name: "ultrathink-backup" }));
const sources = (...without: string[]) =>
  [...new Set(ultrathink.backups!.jobs.flatMap(({ of }) => of))]
    .filter(name => !without.includes(name))
    .map(name => resource(CONTAINER, container({ name: `ultrathink-${name}` })));
const violations = (alerts: Written[], ...without: string[]) =>
  judgeStack(rule, [...sources(...without), backup, prometheus(rules(alerts))]).violations;
const changed = (name: string, severity: string, expr: string) =>
  book.map(alert => (alert.name === name && alert.severity === severity ? { ...alert, expr } : alert));

describe(rule.name, () => {
  it("accepts the book's alerts", () => {
    expect(violations(book)).toEqual([]);
  });

  it.each(book)("reports $name that is missing as $severity", ({ name, severity }) => {
    expect(violations(book.filter(alert => alert.name !== name || alert.severity !== severity))).toEqual([
      `alert "${name}": no rule file has it as ${severity}. Declare its threshold, and upload the rule files with the label dev.ultrathink.config.prometheus-rules.`,
    ]);
  });

  it("reports another limit", () => {
    expect(violations(changed("RestoreTestTooOld", "warning", "(days) > 80"))).toEqual([
      'alert "RestoreTestTooOld": as warning it fires at > 80, the book says > 8. Set the threshold to the book\'s limit.',
    ]);
  });

  it("reports another age that a job's newest backup may have", () => {
    expect(violations(changed("BackupTooOld", "critical", "(age / 93600 or age / 9000) > 2"))).toEqual([
      "alert \"BackupTooOld\": as critical it judges no job by 900 seconds, which the book allows. Set the jobs' maxAge to the book's.",
    ]);
  });

  it("asks for no alert about what the stack does without", () => {
    const rest = book
      .filter(({ name }) => name !== "WalArchivingBehind")
      .map(alert => ({ ...alert, expr: alert.expr.replace("(age / 93600 or age / 900)", "(age / 93600)") }));
    expect(violations(rest, "timescaledb", "redis-queue")).toEqual([]);
  });

  it("does not judge rules that are not known yet", () => {
    expect(judgeStack(rule, [...sources(), backup, prometheus(UNKNOWN)])).toEqual({ violations: [], unknown: true });
  });

  it("does not apply to a stack that makes no backups", () => {
    expect(judgeStack(rule, [...sources(), prometheus("")])).toEqual({ violations: [], notApplicable: "nothing in this stack makes backups" });
  });
});
