import { mebibytes } from "../../systems/declaration";
import { ultrathink } from "../../systems/ultrathink";

/** Services of the original runbook's resource table; its three brokers are one row there. */
const runbookTable = [
  "timescaledb",
  "mlflow",
  "redis",
  "kafka-1",
  "kafka-2",
  "kafka-3",
  "zookeeper",
  "prometheus",
  "grafana",
  "data-service",
  "regime-detection",
  "meta-controller",
  "training-orchestrator",
  "risk-manager",
  "inference-service",
  "forensics-consumer",
];

test("the runbook's table sums to 21.0 cores, 33.75G, 17.25G reserved and 3 GPUs", () => {
  const rows = runbookTable.map(name => ultrathink.services[name]!);
  const sum = (value: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + value(row), 0);
  expect(sum(row => row.cpu)).toBeCloseTo(21, 10);
  expect(sum(row => mebibytes(row.memory)) / 1024).toBe(33.75);
  expect(sum(row => mebibytes(row.reserved)) / 1024).toBe(17.25);
  expect(sum(row => row.gpu?.count ?? 0)).toBe(3);
});

test("whatever holds its data on disk has a volume of its own", () => {
  const owners = Object.values(ultrathink.volumes).map(volume => volume.service);
  const names = Object.values(ultrathink.volumes).map(volume => volume.name);
  expect(new Set(names).size).toBe(names.length);
  const persistent = Object.entries(ultrathink.redis)
    .filter(([, redis]) => redis.persistence !== "none")
    .map(([name]) => name);
  for (const service of ["timescaledb", "zookeeper", "object-store", ...ultrathink.kafka!.brokers, ...persistent]) expect(owners).toContain(service);
});

test("a lost broker does not block writes: one replica fewer than all must be in sync", () => {
  const { replicationFactor, minInsyncReplicas, brokers } = ultrathink.kafka!;
  expect(brokers).toHaveLength(replicationFactor);
  expect(minInsyncReplicas).toBe(replicationFactor - 1);
});
