import { parseConfig } from "../config";

const minimal = { backend: "docker" };

test("a stack that says only its backend gets every default", () => {
  expect(parseConfig(minimal, "dev")).toEqual({
    system: "ultrathink",
    backend: "docker",
    bindAddress: "127.0.0.1",
    portOffset: 0,
    clampCpus: false,
    gpuDevices: {},
    kubeContext: undefined,
    storageClass: undefined,
    domain: undefined,
    gateway: undefined,
    clusterDomain: "cluster.local",
    gpuSelector: { "nvidia.com/gpu.present": "true" },
    leaveOut: {},
    images: {},
    releases: {},
    trainingProfile: "default",
    disposable: false,
    notifications: {},
    docsUrl: "https://github.com/ultrathink/infrastructure/blob/main",
  });
});

test("the engine's strings and a stack file's values mean the same", () => {
  const fromFile = parseConfig({ ...minimal, portOffset: 10_000, clampCpus: true }, "dev");
  expect(parseConfig({ ...minimal, portOffset: "10000", clampCpus: "true" }, "dev")).toEqual(fromFile);
  expect(fromFile).toMatchObject({ portOffset: 10_000, clampCpus: true });
});

const faultOf = (values: Record<string, unknown>): string => {
  try {
    parseConfig(values, "dev");
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("no fault");
};

test("an unknown key is refused with the keys that there are and how to set one", () => {
  const fault = faultOf({ ...minimal, portOfset: 1 });
  expect(fault).toMatch(/^stack config of "dev" is not in order:\n {2}- portOfset is 1: is not a key; keys are system, backend, /);
  expect(fault).toMatch(/pulumi config set portOfset <value> --stack dev$/);
});

test("all faults are told at once, each with key, value and what is allowed", () => {
  const fault = faultOf({ system: "atlantis", bindAddress: "everywhere", portOffset: -1 });
  expect(fault.split("\n")).toHaveLength(5);
  expect(fault).toMatch(/- system is "atlantis": .*"ultrathink"/);
  expect(fault).toMatch(/- backend is not set: .*"docker"\|"kubernetes"/);
  expect(fault).toMatch(/- bindAddress is "everywhere": /);
  expect(fault).toMatch(/- portOffset is -1: .*>=0/);
});

const digest = `sha256:${"a".repeat(64)}`;

test.each(["inference", "registry.example:5000/inference", "inference@sha256:abc", "inference:1 "])(
  "the image %p, without an exact tag or digest, is refused",
  image => {
    expect(faultOf({ ...minimal, images: { "inference-service": image } })).toMatch(/- images\.inference-service is .*exact tag or digest/);
  },
);

test.each([
  "inference:1.4.2",
  "registry.example:5000/team/inference:1.4.2",
  `inference@${digest}`,
  `registry.example:5000/inference:1.4.2@${digest}`,
])("the image %s is exact", image => {
  const images = { "inference-service": image };
  expect(parseConfig({ ...minimal, images }, "dev").images).toEqual(images);
});

test("the checked config cannot be changed", () => {
  const config = parseConfig(minimal, "dev");
  expect(Object.isFrozen(config)).toBe(true);
});

test("a gateway by half a name is refused", () => {
  expect(faultOf({ backend: "kubernetes", gateway: "public" })).toMatch(/- gateway is "public": a Gateway as namespace\/name/);
});

test("an account or a region that AWS does not have is refused", () => {
  expect(faultOf({ backend: "kubernetes", aws: { account: "1234", region: "us-east-1" } })).toMatch(/- aws.account .*12 digits, as a text/);
  expect(faultOf({ backend: "kubernetes", aws: { account: "123456789012", region: "Ohio" } })).toMatch(/- aws.region .*such as us-east-1/);
});

test("a domain without a gateway, or a gateway without a domain, is refused by both names", () => {
  for (const half of [{ domain: "example.com" }, { gateway: "gateways/public" }]) {
    expect(faultOf({ backend: "kubernetes", ...half })).toMatch(/- domain .*domain and gateway go together/);
  }
});
