/** A relabeling step as Prometheus reads it. */
export interface Relabeling {
  source_labels?: string[];
  regex?: string;
  target_label?: string;
  replacement?: string;
  action?: string;
}

/** The labels after some steps, by Prometheus' rules: a pattern covers the whole of the source labels, and an empty label is none. */
export function relabeled(labels: Record<string, string>, steps: Relabeling[]): Record<string, string> {
  return steps.reduce((now, { source_labels = [], regex = "(.*)", target_label, replacement = "$1", action = "replace" }) => {
    const pattern = new RegExp(`^(?:${regex})$`);
    if (action === "labeldrop") return Object.fromEntries(Object.entries(now).filter(([label]) => !pattern.test(label)));
    if (action !== "replace") throw new Error(`${action} is no action that is known here`);
    const match = pattern.exec(source_labels.map(label => now[label] ?? "").join(";"));
    return match ? { ...now, [target_label!]: replacement.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? "") } : now;
  }, labels);
}
