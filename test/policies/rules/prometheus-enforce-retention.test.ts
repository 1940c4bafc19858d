import { rule } from "../../../policies/rules/prometheus-enforce-retention";
import { container, describeContainerRule } from "../support";

const server = (...command: string[]) => container({ name: "ultrathink-prometheus", command });
const time = "--storage.tsdb.retention.time=30d";
const size = "--storage.tsdb.retention.size=8589934592B";
const message = (flag: string, found: string, required: string) =>
  `container "ultrathink-prometheus": ${flag} is ${found}, the book says ${required}. Start it with ${flag}=${required}.`;

describeContainerRule(rule, {
  reports: {
    "a day less": [server("--storage.tsdb.retention.time=29d", size), [message("--storage.tsdb.retention.time", "29d", "30d")]],
    "no time": [server(size), [message("--storage.tsdb.retention.time", "not set", "30d")]],
    "another size": [server(time, "--storage.tsdb.retention.size=8GB"), [message("--storage.tsdb.retention.size", "8GB", "8589934592B")]],
    "a flag that wins later": [server(time, size, "--storage.tsdb.retention.time=1d"), [message("--storage.tsdb.retention.time", "1d", "30d")]],
  },
  accepts: { "thirty days and eight gibibytes": server(time, size) },
});
