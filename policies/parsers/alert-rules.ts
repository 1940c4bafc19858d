interface AlertRule {
  alert: string;
  expr: string;
  severity: string | undefined;
}

const unquote = (text: string) => text.replace(/^(["'])(.*)\1$/, "$2");

/** The alerts of a Prometheus rule file, each key on a line of its own, as this project writes them. */
export function parseAlertRules(text: string): AlertRule[] {
  return text
    .split(/^\s*- (?=alert:)/m)
    .slice(1)
    .map(rule => {
      const value = (key: string) => {
        const [, found] = new RegExp(`^\\s*${key}: (.*)$`, "m").exec(rule) ?? [];
        return found === undefined ? undefined : unquote(found.trim());
      };
      return { alert: value("alert")!, expr: value("expr") ?? "", severity: value("severity") };
    });
}
