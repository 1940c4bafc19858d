import { onParts } from "../parts";
import type { StackRule } from "../rule";

export const rule: StackRule = {
  name: "workload-enforce-settings",
  displayName: "Workload settings",
  description:
    "A workload for which the runbook gives settings, such as its batch size, has exactly those in its environment, or those of a profile that the runbook puts in their place.",
  severity: "medium",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Give the workload the book's settings in the declaration; when they change, change the declaration and the pack's book together.",
  tags: ["runbook"],
  validateStack: onParts(
    ({ name, task, book }) => !task && book?.settings?.[name] !== undefined,
    "no workload with settings of its own is in this stack",
    ({ name, env, book, violation }) => {
      const usual = book!.settings![name]!;
      const holds = (settings: Record<string, string>) => Object.entries(settings).every(([key, value]) => env[key] === value);
      if ((book!.profiles?.[name] ?? []).some(profile => holds({ ...usual, ...profile }))) return;
      for (const [key, required] of Object.entries(usual)) {
        if (env[key] !== required) violation(`${key} is ${env[key] ?? "not set"}, the book says ${required}`, `Set ${key} to ${required}`);
      }
    },
  ),
};
