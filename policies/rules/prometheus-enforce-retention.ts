import { onParts } from "../parts";
import type { StackRule } from "../rule";

export const rule: StackRule = {
  name: "prometheus-enforce-retention",
  displayName: "Metrics are kept",
  description: "Prometheus keeps its metrics for the book's time and up to the book's size, whichever comes first.",
  severity: "medium",
  enforcementLevel: "mandatory",
  remediationSteps: "Start Prometheus with --storage.tsdb.retention.time and --storage.tsdb.retention.size as the book says.",
  tags: ["runbook", "retention"],
  validateStack: onParts(
    ({ name, task, book }) => !task && name === book?.retention?.metrics.service,
    "no Prometheus of a book is in this stack",
    ({ command, book, violation }) => {
      const { time, size } = book!.retention!.metrics;
      for (const [flag, required] of Object.entries({ "--storage.tsdb.retention.time": time, "--storage.tsdb.retention.size": size })) {
        const found = command.findLast(word => word.startsWith(`${flag}=`))?.slice(flag.length + 1);
        if (found !== required) violation(`${flag} is ${found ?? "not set"}, the book says ${required}`, `Start it with ${flag}=${required}`);
      }
    },
  ),
};
