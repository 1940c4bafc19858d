import { parseConfig } from "../../config";
import { stackSystem } from "../../components/environment";
import type { DeclarationError } from "../../systems/declaration";
import { ultrathink } from "../../systems/ultrathink";

const stackOf = (values: Record<string, unknown> = {}, stack = "dev") =>
  stackSystem(ultrathink, parseConfig({ backend: "docker", ...values }, stack), stack);
const aws = { account: "123456789012", region: "eu-west-1" };
const faultsOf = (values: Record<string, unknown>): string[] => {
  try {
    stackOf(values);
    return [];
  } catch (error) {
    return (error as DeclarationError).faults;
  }
};

const clusters = { "kube-state-metrics": "it belongs to kubernetes alone" };

test("without GPUs the GPU exporter is left out and said so, what only a cluster has too, and nothing else is", () => {
  const { system, leftOut } = stackOf();
  expect(leftOut).toEqual({ ...clusters, "dcgm-exporter": "this stack's config says that there is no GPU" });
  expect(Object.keys(system.services)).toHaveLength(Object.keys(ultrathink.services).length - 2);
});

test("with a GPU for a service the exporter stays", () => {
  expect(stackOf({ gpuDevices: { "inference-service": ["0"] } }).leftOut).toEqual(clusters);
});

test("cAdvisor is Docker's: Kubernetes' kubelet has it built in", () => {
  expect(stackOf({ backend: "kubernetes", aws }).leftOut).toEqual({ cadvisor: "it belongs to docker alone" });
});

test("in S3 production's buckets have the declared names, and another stack's end in its own; elsewhere every stack's are as declared", () => {
  const bucketsOf = (stack: string, values: Record<string, unknown>) => stackOf(values, stack).system.backups!.vault.buckets;
  const { buckets } = ultrathink.backups!.vault;
  expect(bucketsOf("prod", { backend: "kubernetes", aws })).toEqual(buckets);
  expect(bucketsOf("staging", { backend: "kubernetes", aws })).toEqual({
    locked: "ultrathink-backups-staging",
    unlocked: "ultrathink-backups-recent-staging",
  });
  expect(bucketsOf("staging", {})).toEqual(buckets);
});

test.each(["a".repeat(33), "Staging", "staging_2", "staging-"])("a stack called %s, with which S3 would take no bucket, is refused", stack => {
  expect(() => stackOf({ backend: "kubernetes", aws }, stack)).toThrow(
    `stack: "${stack}" is not allowed in AWS, whose buckets are called after it; use at most 32 lower-case letters`,
  );
  expect(() => stackOf({}, stack)).not.toThrow();
});

test.each(["recent", "recent-2", "access-logs", "eu-access-logs"])("a stack called %s, whose bucket would be another stack's, is refused", stack => {
  expect(() => stackOf({ backend: "kubernetes", aws }, stack)).toThrow(
    `stack: "${stack}" is not allowed in AWS, whose buckets are called after it; use another one, since a bucket called ultrathink-backups-${stack} is another stack's`,
  );
});

test("on Kubernetes the backups lie in S3: only who writes there reaches it, and whoever changes its token", () => {
  const { system } = stackOf({ backend: "kubernetes", aws });
  expect(system.external.vault).toMatchObject({
    host: "s3.eu-west-1.amazonaws.com",
    port: 443,
    awsRole: "arn:aws:iam::123456789012:role/ultrathink-backup-writer",
  });
  const reaching = (other: string) => Object.keys(system.services).filter(name => system.services[name]!.external?.includes(other));
  expect(reaching("sts")).toEqual(["timescaledb", "backup"]);
  expect(reaching("sts")).toEqual(reaching("vault"));
});

test("on Kubernetes the account of the backups has to be named", () => {
  expect(faultsOf({ backend: "kubernetes" })).toEqual([expect.stringMatching(/^aws: is not set.*"account":"123456789012"/)]);
});

test("a service that is left out leaves no volume and no edge", () => {
  const { system, leftOut } = stackOf({ leaveOut: { grafana: "no image here" } });
  expect(leftOut.grafana).toBe("no image here");
  expect(Object.values(system.volumes).map(volume => volume.service)).not.toContain("grafana");
});

test.each([
  [{ leaveOut: { grafanna: "typo" } }, /^leaveOut: there is no service "grafanna"; services are timescaledb, /],
  [{ images: { nginx: "nginx:1.29.3" } }, /^images: there is no service "nginx"/],
  [{ gpuDevices: { redis: ["0"] } }, /^gpuDevices: "redis" asks for no GPU; remove it/],
  [{ gpuDevices: { "inference-service": ["0", "1"] } }, /^gpuDevices: "inference-service" asks for 1 GPU and is given 2/],
  [
    { gpuDevices: { "inference-service": ["0"], "meta-controller": ["0"] } },
    /^gpuDevices: device "0" is given to inference-service and meta-controller/,
  ],
  [{ trainingProfile: "reckless" }, /^trainingProfile: "reckless" is not allowed; use default or safe-retrain$/],
])("%j is refused before anything is created", (values, message) => {
  expect(faultsOf(values)).toEqual([expect.stringMatching(message)]);
});
