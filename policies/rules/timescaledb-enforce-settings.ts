import { onParts } from "../parts";
import { postgresSettings } from "../parsers/postgres";
import type { StackRule } from "../rule";

export const rule: StackRule = {
  name: "timescaledb-enforce-settings",
  displayName: "Server settings",
  description: "The database server is started with exactly the book's settings, which were proven inside its limits; none is left to a tuner.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Give the declaration's database the book's settings; when they change, change the declaration and the pack's book together.",
  tags: ["runbook", "resources"],
  validateStack: onParts(
    ({ name, task, book }) => !task && name === book?.database?.service,
    "no database of a book is in this stack",
    ({ command, book, violation }) => {
      const settings = postgresSettings(command);
      for (const [key, required] of Object.entries(book!.database!.settings)) {
        const found = settings.get(key);
        if (found !== required) violation(`${key} is ${found ?? "not set"}, the book says ${required}`, `Start the server with ${key}=${required}`);
      }
    },
  ),
};
