import { ultrathink } from "../../../policies/books/ultrathink";
import { rule } from "../../../policies/rules/timescaledb-enforce-settings";
import { container, describeContainerRule } from "../support";

const server = (changes: Record<string, string | undefined> = {}) => {
  const settings = Object.entries({ ...ultrathink.database!.settings, ...changes }).filter(([, value]) => value !== undefined);
  return container({ command: ["postgres", ...settings.flatMap(([key, value]) => ["-c", `${key}=${value}`])] });
};
const message = (found: string) =>
  `container "ultrathink-timescaledb": max_connections is ${found}, the book says 200. Start the server with max_connections=200.`;

describeContainerRule(rule, {
  reports: {
    "more connections": [server({ max_connections: "500" }), [message("500")]],
    "what is left to PostgreSQL": [server({ max_connections: undefined }), [message("not set")]],
  },
  accepts: { "a compliant container": server(), "a setting that the book does not have": server({ log_min_messages: "warning" }) },
});
