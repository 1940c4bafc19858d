import { CONTAINER } from "../../../policies/docker";
import { rule } from "../../../policies/rules/kafka-enforce-durability";
import { UNKNOWN, container, describeContainerRule, judgeStack, resource } from "../support";

const path = "/etc/kafka/ultrathink.properties";
const label = { label: "dev.ultrathink.config.kafka", value: path };
const good: Record<string, string> = {
  "broker.id": "2",
  "default.replication.factor": "3",
  "offsets.topic.replication.factor": "3",
  "transaction.state.log.replication.factor": "3",
  "min.insync.replicas": "2",
  "transaction.state.log.min.isr": "2",
  "unclean.leader.election.enable": "false",
  "auto.create.topics.enable": "false",
  "log.retention.hours": "168",
};

function broker(changes: Record<string, string | undefined> = {}) {
  const lines = Object.entries({ ...good, ...changes })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${value}`);
  return container({ name: "ultrathink-kafka-2", labels: [label], uploads: [{ file: path, content: `# broker\n${lines.join("\n")}\n` }] });
}
const message = (found: string, mend: string) => `container "ultrathink-kafka-2": ${found}. ${mend}.`;
const wrong = (key: string, found: string, value: string) =>
  message(`${key} is ${found}, ${value} is required`, `Set ${key}=${value} in the broker's properties`);
const retention = (kept: string) =>
  message(`messages are kept ${kept}, 168 hours are required`, "Set log.retention.hours=168 in the broker's properties");
const unreadable = message("it has 0 readable config files of kind kafka, exactly 1 is required", "Give it the broker's properties as plain text");

describeContainerRule(rule, {
  reports: {
    ...Object.fromEntries(
      Object.entries(good)
        .slice(0, -1)
        .flatMap(([key, value]) => [
          [`a broker that leaves ${key} to Kafka's default`, [broker({ [key]: undefined }), [wrong(key, "not set", value)]]],
          [`another ${key}`, [broker({ [key]: value === "false" ? "true" : "1" }), [wrong(key, value === "false" ? "true" : "1", value)]]],
        ]),
    ),
    "no retention": [broker({ "log.retention.hours": undefined }), [retention("as long as Kafka's default says")]],
    "another retention": [broker({ "log.retention.hours": "167" }), [retention("167 hours")]],
    "a finer unit that wins": [broker({ "log.retention.ms": "86400000" }), [retention("24 hours")]],
    "a broker without its label": [container({ name: "ultrathink-kafka-2", labels: [] }), [unreadable]],
    "a label whose path is not uploaded": [container({ name: "ultrathink-kafka-2", labels: [label] }), [unreadable]],
    "a value that a later line overrides": [
      container({
        name: "ultrathink-kafka-2",
        labels: [label],
        uploads: [
          {
            file: path,
            content: `${Object.entries(good)
              .map(pair => pair.join(" = "))
              .join("\n")}\nmin.insync.replicas: 1`,
          },
        ],
      }),
      [wrong("min.insync.replicas", "1", "2")],
    ],
  },
  accepts: {
    "the broker of the book": broker(),
    "the same retention in milliseconds": broker({ "log.retention.hours": undefined, "log.retention.ms": "604800000" }),
  },
  leavesOpen: {
    "properties that are not known yet": container({ name: "ultrathink-kafka-2", labels: [label], uploads: [{ file: path, content: UNKNOWN }] }),
  },
});

it("does not apply to a container that is no broker", () => {
  expect(judgeStack(rule, [resource(CONTAINER, container())])).toEqual({ violations: [], notApplicable: "there is no Kafka broker" });
});
