import type { PolicyResource } from "@pulumi/policy";
import { ultrathink } from "../../../policies/books/ultrathink";
import { CONTAINER, NETWORK, VOLUME, type Container } from "../../../policies/docker";
import { rule } from "../../../policies/rules/stack-enforce-resource-table";
import { UNKNOWN, container, job, judgeStack, planned, resource } from "../support";

const clamp = (declared: string) => [{ label: "dev.ultrathink.cpu-clamped", value: declared }];

/** A stack with every row of the book, then changed: another container for a service, or none. */
function stack(changes: Record<string, Container | undefined> = {}, { leftOut = "", name = "dev" } = {}): PolicyResource[] {
  const rows = ultrathink.rows.filter(({ service }) => !(service in changes) || changes[service] !== undefined);
  return [
    resource(NETWORK, { name: "infrastructure_default" }, { stack: name }),
    ...rows.map(({ service, cpu, memory, reserved }) =>
      resource(
        CONTAINER,
        container({
          name: `ultrathink-${service}`,
          cpus: String(cpu),
          memory,
          memorySwap: memory,
          memoryReservation: reserved,
          ...(service === "prometheus" ? { labels: [{ label: "dev.ultrathink.left-out", value: leftOut }] } : {}),
          ...changes[service],
        }),
        { name: service, stack: name },
      ),
    ),
  ];
}
const wrong = (service: string, found: string) => [
  `container "ultrathink-${service}": ${found}. Set the table's value for ${service} in the declaration of ultrathink.`,
];
const missing = (service: string) => [
  `service "${service}": the resource table has it, and nothing in the stack runs it. Declare it, or in a development stack name it in the label dev.ultrathink.left-out of Prometheus's container.`,
];

describe(rule.name, () => {
  it.each(["dev", "prod"])("accepts a %s stack that holds every row", name => {
    expect(judgeStack(rule, stack({}, { name }))).toEqual({ violations: [] });
  });

  it("judges a vault by its own book, and takes no container of one project for another's", () => {
    const server = container({ name: "ultrathink-vault", cpus: "0.5", memory: 512, memorySwap: 512, memoryReservation: 256 });
    const vault = (props: Container, project: string) => judgeStack(rule, [resource(CONTAINER, props, { name: "vault", project })]).violations;
    expect(vault(server, "ultrathink-vault")).toEqual([]);
    expect(vault({ ...server, memory: 1024 }, "ultrathink-vault")).toEqual(wrong("vault", "the memory limit is 1024 MiB, the table says 512 MiB"));
    expect(vault(container(), "ultrathink-vault")).toEqual([
      expect.stringMatching(/"ultrathink-timescaledb": no row of the resource table has timescaledb/),
      expect.stringMatching(/^service "vault": the resource table has it/),
    ]);
    expect(judgeStack(rule, [...stack(), resource(CONTAINER, server, { name: "vault" })]).violations).toEqual([
      expect.stringMatching(/"ultrathink-vault": no row of the resource table has vault/),
    ]);
  });

  it("accepts the containers as the plugin writes them, with null for what is not set", () => {
    const containers = stack().map(each => (each.type === CONTAINER ? resource(CONTAINER, planned(each.props as Container), each) : each));
    expect(judgeStack(rule, containers)).toEqual({ violations: [] });
  });

  it.each<[string, string, Container, string]>([
    ["a CPU limit below the row", "grafana", { cpus: "0.4" }, "the CPU limit is 0.4, the table says 0.5"],
    ["a CPU limit above the row", "scheduler", { cpus: "0.3" }, "the CPU limit is 0.3, the table says 0.25"],
    ["no CPU limit", "timescaledb", { cpus: undefined }, "the CPU limit is not set, the table says 2"],
    ["one mebibyte too little", "timescaledb", { memory: 2047 }, "the memory limit is 2047 MiB, the table says 2048 MiB"],
    ["one mebibyte too much", "timescaledb", { memory: 2049 }, "the memory limit is 2049 MiB, the table says 2048 MiB"],
    ["no memory limit", "redis", { memory: undefined }, "the memory limit is not set, the table says 2048 MiB"],
    ["swap beside the memory", "kafka-3", { memorySwap: 3072 }, "memorySwap is 3072 MiB, the table says 1536 MiB, the same as memory"],
    ["another reservation", "redis", { memoryReservation: 1024 }, "the memory reserved is 1024 MiB, the table says 512 MiB"],
    ["a GPU for a service without one", "mlflow", { deviceRequests: [{ deviceIds: ["0"] }] }, "1 GPU is requested, the table says 0"],
    ["a second GPU", "inference-service", { deviceRequests: [{ deviceIds: ["0", "1"] }] }, "2 GPU is requested, the table says 1"],
    [
      "a GPU by count, which is always the first",
      "inference-service",
      { deviceRequests: [{ count: 1 }] },
      "all GPUs are requested, the table says 1",
    ],
    ["all GPUs", "inference-service", { gpus: "all" }, "all GPUs are requested, the table says 1"],
  ])("reports %s", (_title, service, change, found) => {
    expect(judgeStack(rule, stack({ [service]: change })).violations).toEqual(wrong(service, found));
  });

  it("reports each fault of a container", () => {
    expect(judgeStack(rule, stack({ redis: { cpus: "2", memory: 1024, memorySwap: 1024 } })).violations).toEqual([
      ...wrong("redis", "the CPU limit is 2, the table says 1"),
      ...wrong("redis", "the memory limit is 1024 MiB, the table says 2048 MiB"),
      ...wrong("redis", "memorySwap is 1024 MiB, the table says 2048 MiB, the same as memory"),
    ]);
  });

  it.each<[string, Container]>([
    ["the row's GPU by its id", { deviceRequests: [{ deviceIds: ["0"] }] }],
    ["no GPU, on a machine without one", { deviceRequests: undefined }],
    ["the row's CPU limit written with a decimal place", { cpus: "2.0" }],
  ])("accepts %s", (_title, change) => {
    expect(judgeStack(rule, stack({ "inference-service": change })).violations).toEqual([]);
  });

  it.each(["1", "2"])("accepts a CPU limit that a development stack lowered to the host's %s cores and says so", cpus => {
    expect(judgeStack(rule, stack({ "training-orchestrator": { cpus, labels: clamp("4") } })).violations).toEqual([]);
  });

  it.each<[string, Container, string]>([
    ["that no label announces", { cpus: "2", labels: [] }, "the CPU limit is 2, the table says 4"],
    [
      "whose label declares another number than the row",
      { cpus: "2", labels: clamp("3") },
      "the CPU limit is 2, the table says 4 (label dev.ultrathink.cpu-clamped says 3)",
    ],
    [
      "to less than any host has",
      { cpus: "0.5", labels: clamp("4") },
      "the CPU limit is 0.5, the table says 4 (label dev.ultrathink.cpu-clamped says 4)",
    ],
    ["upwards", { cpus: "8", labels: clamp("4") }, "the CPU limit is 8, the table says 4 (label dev.ultrathink.cpu-clamped says 4)"],
  ])("reports a clamp %s", (_title, change, found) => {
    expect(judgeStack(rule, stack({ "training-orchestrator": change })).violations).toEqual(wrong("training-orchestrator", found));
  });

  it.each(["prod", "staging", "dev-gameday"])("reports any clamp in the stack %s", name => {
    expect(judgeStack(rule, stack({ "training-orchestrator": { cpus: "2", labels: clamp("4") } }, { name })).violations).toEqual(
      wrong("training-orchestrator", "the CPU limit 4 of the table is clamped to 2, which only a development stack may do"),
    );
  });

  it("accepts a clamp in a further development stack of the profile", () => {
    const resources = stack({ "training-orchestrator": { cpus: "2", labels: clamp("4") } }, { name: "laptop" });
    expect(judgeStack(rule, resources, { developmentStacks: ["laptop"] }).violations).toEqual([]);
  });

  it.each(["timescaledb", "scheduler"])("reports the missing service %s", service => {
    expect(judgeStack(rule, stack({ [service]: undefined })).violations).toEqual(missing(service));
  });

  it("reports every service of a stack that has its network only", () => {
    const here = ultrathink.rows.filter(({ service }) => ultrathink.only![service] !== "kubernetes");
    expect(judgeStack(rule, stack().slice(0, 1)).violations).toEqual(here.flatMap(({ service }) => missing(service)));
  });

  it("accepts services that a development stack announces as left out", () => {
    expect(judgeStack(rule, stack({ grafana: undefined, "dcgm-exporter": undefined }, { leftOut: "grafana,dcgm-exporter" })).violations).toEqual([]);
  });

  it("reports a service that another stack leaves out", () => {
    expect(judgeStack(rule, stack({ grafana: undefined }, { leftOut: "grafana", name: "prod" })).violations).toEqual([
      'service "grafana": it is left out, which only a development stack may do. Bring it up in this stack.',
    ]);
  });

  it("reports a service that is announced as left out and is there", () => {
    expect(judgeStack(rule, stack({}, { leftOut: "grafana" })).violations).toEqual([
      'service "grafana": label dev.ultrathink.left-out names it, and its container is there. Take it out of the label on Prometheus\'s container.',
    ]);
  });

  it("reports a left-out service that no row has", () => {
    expect(judgeStack(rule, stack({}, { leftOut: "graphana" })).violations).toEqual([
      "service \"graphana\": label dev.ultrathink.left-out names it, and no row of the resource table has it. Correct the label's spelling on Prometheus's container.",
    ]);
  });

  it("reports a container that is in no row", () => {
    expect(judgeStack(rule, [...stack(), resource(CONTAINER, container({ name: "ultrathink-extra" }))]).violations).toEqual([
      'container "ultrathink-extra": no row of the resource table has extra. Add a row to the runbook, the declaration and the pack\'s book, or remove the service.',
    ]);
  });

  it("holds one-shot jobs, which have no row, to the limits of a task", () => {
    const sized = (memory: number) => job({ cpus: "0.5", memory, memorySwap: memory, memoryReservation: 64 });
    expect(judgeStack(rule, [...stack(), resource(CONTAINER, sized(256))]).violations).toEqual([]);
    expect(judgeStack(rule, [...stack(), resource(CONTAINER, sized(2560))]).violations).toEqual([
      expect.stringContaining("the memory limit is 2560 MiB, the table says 256 MiB"),
      expect.stringContaining("memorySwap is 2560 MiB"),
    ]);
  });

  it("does not judge a stack whose limits are not known yet", () => {
    expect(judgeStack(rule, stack({ redis: { cpus: UNKNOWN } }))).toEqual({ violations: [], unknown: true });
  });

  it("does not apply to a stack without Docker", () => {
    expect(judgeStack(rule, [resource(VOLUME, {}), resource("aws:s3/bucket:Bucket", {})])).toEqual({
      violations: [],
      notApplicable: "nothing of a book runs here",
    });
  });
});
