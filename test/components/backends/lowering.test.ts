import { jobArgs, serviceArgs, type DockerContext } from "../../../components/backends/docker/lowering";
import { hardeningExceptions } from "../../../components/hardening";
import type { ServiceSpec } from "../../../components/spec";
import { ultrathink } from "../../../systems/ultrathink";

const context: DockerContext = {
  system: ultrathink,
  stack: "dev",
  network: "infrastructure_default",
  volumes: { timescale: "infrastructure_timescale_data" },
  scratch: name => `infrastructure_${name}`,
  bindAddress: "127.0.0.1",
  portOffset: 0,
  gpuDevices: {},
  leftOut: [],
};

const spec: ServiceSpec = {
  name: "timescaledb",
  image: "timescaledb",
  user: 1000,
  command: ["postgres"],
  env: { B: "2", A: "1" },
  cpu: 2,
  memory: "2G",
  reserved: "1G",
  ports: [{ container: 5432, host: 5432 }],
  files: [
    { path: "/etc/x.conf", kind: "sql", content: "select 1" },
    { path: "/run/secrets/p", kind: "secret", content: "hidden" },
  ],
  volumes: [{ volume: "timescale", path: "/data" }],
  tmpfs: { "/tmp": "16M" },
  health: { command: ["true"], startup: "90s" },
  stopGrace: "120s",
  needs: [],
};

const labelsOf = (args: ReturnType<typeof serviceArgs>) =>
  Object.fromEntries((args.labels as { label: string; value: string }[]).map(({ label, value }) => [label, value]));

test("a service becomes a container with its limits, files, health check and every restriction", () => {
  const { labels, ...args } = serviceArgs(spec, "sha256:image", context);
  expect(args).toEqual({
    name: "ultrathink-timescaledb",
    image: "sha256:image",
    entrypoints: undefined,
    command: ["postgres"],
    envs: ["A=1", "B=2"],
    user: "1000:1000",
    groupAdds: ["0"],
    hostname: "timescaledb",
    networksAdvanced: [{ name: "infrastructure_default", aliases: ["timescaledb"] }],
    cpus: "2.0",
    memory: 2048,
    memorySwap: 2048,
    memoryReservation: 1024,
    shmSize: 64,
    uploads: [
      { file: "/etc/x.conf", content: "select 1", permissions: "0444" },
      { file: "/run/secrets/p", content: "hidden", permissions: "0440" },
    ],
    tmpfs: { "/tmp": "size=16m,mode=1777" },
    readOnly: false,
    init: true,
    capabilities: { drops: ["ALL"], adds: [] },
    securityOpts: ["no-new-privileges"],
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "3", labels: "com.docker.compose.project,com.docker.compose.service" },
    ports: [{ internal: 5432, external: 5432, ip: "127.0.0.1", protocol: "tcp" }],
    volumes: [{ volumeName: "infrastructure_timescale_data", containerPath: "/data" }],
    deviceRequests: undefined,
    healthcheck: { tests: ["CMD", "true"], interval: "15s", timeout: "5s", retries: 3, startPeriod: "1m30s" },
    restart: "always",
    mustRun: true,
    stopSignal: undefined,
    stopTimeout: 120,
    destroyGraceSeconds: 120,
  });
});

test("labels say who it is to Compose, to Kubernetes' tools and to the policy pack, and hold no secret path's content", () => {
  const labels = labelsOf(serviceArgs(spec, "i", context));
  expect(labels).toMatchObject({
    "com.docker.compose.project": "infrastructure",
    "com.docker.compose.service": "timescaledb",
    "com.docker.compose.oneoff": "False",
    "app.kubernetes.io/name": "timescaledb",
    "dev.ultrathink.stack": "dev",
    "dev.ultrathink.config.sql": "/etc/x.conf",
  });
  expect(labels["com.docker.compose.config-hash"]).toMatch(/^[0-9a-f]{64}$/);
  expect(Object.keys(labels).filter(label => label.includes("secret"))).toEqual([]);
});

test("the config hash does not depend on a secret's value", () => {
  const hash = (content: string) =>
    labelsOf(serviceArgs({ ...spec, files: [{ path: "/run/secrets/p", kind: "secret", content }] }, "i", context))["com.docker.compose.config-hash"];
  expect(hash("one")).toBe(hash("two"));
});

test("a service without files gets a read-only root", () => {
  expect(serviceArgs({ ...spec, files: [] }, "i", context).readOnly).toBe(true);
});

test("the offset moves the host's port and not the container's", () => {
  expect(serviceArgs(spec, "i", { ...context, portOffset: 10_000 }).ports).toEqual([
    { internal: 5432, external: 15_432, ip: "127.0.0.1", protocol: "tcp" },
  ]);
});

test("a limit above the host's cores is lowered to them and the container says so", () => {
  const clamped = serviceArgs({ ...spec, cpu: 4 }, "i", { ...context, clampCpusTo: 2 });
  expect(clamped.cpus).toBe("2.0");
  expect(labelsOf(clamped)["dev.ultrathink.cpu-clamped"]).toBe("4");
  expect(labelsOf(serviceArgs({ ...spec, cpu: 2 }, "i", { ...context, clampCpusTo: 2 }))).not.toHaveProperty("dev.ultrathink.cpu-clamped");
});

test("a sidecar reads another service's volume, shares a scratch volume, and joins the network of an external system", () => {
  const sidecar: ServiceSpec = {
    ...spec,
    volumes: [{ volume: "timescale", path: "/data", readOnly: true }],
    scratch: [{ volume: "timescale_socket", path: "/socket" }],
    external: ["vault"],
  };
  const { volumes, networksAdvanced } = serviceArgs(sidecar, "i", context);
  expect(volumes).toEqual([
    { volumeName: "infrastructure_timescale_data", containerPath: "/data", readOnly: true },
    { volumeName: "infrastructure_timescale_socket", containerPath: "/socket" },
  ]);
  expect(networksAdvanced).toEqual([{ name: "infrastructure_default", aliases: ["timescaledb"] }, { name: "ultrathink-vault" }]);
});

test("a GPU is given by device id: a count alone would give every service device 0", () => {
  const args = serviceArgs({ ...spec, gpu: { count: 1, sharing: "exclusive" } }, "i", { ...context, gpuDevices: { timescaledb: ["GPU-2"] } });
  expect(args.deviceRequests).toEqual([{ driver: "nvidia", deviceIds: ["GPU-2"], capabilities: ["gpu"] }]);
});

test("only a service with a written reason keeps a capability or runs as root", () => {
  const alloy = serviceArgs({ ...spec, name: "alloy" }, "i", context);
  expect(alloy.capabilities).toEqual({ drops: ["ALL"], adds: ["CAP_DAC_READ_SEARCH"] });
  for (const exception of Object.values(hardeningExceptions)) {
    const reasons = [exception.root, ...Object.values(exception.capabilities ?? {}), ...Object.values(exception.hostPaths ?? {})];
    expect(reasons.filter(reason => reason !== undefined && reason.length < 10)).toEqual([]);
  }
});

test("a job runs once, is waited for and has no health check", () => {
  const { name, image, user, cpu, memory, reserved } = spec;
  const args = jobArgs({ name, image, user, cpu, memory, reserved, needs: [], deadline: "60s" }, "i", context);
  expect(args).toMatchObject({ restart: "no", mustRun: false, attach: true });
  expect(args).not.toHaveProperty("healthcheck");
  expect(labelsOf(args)["dev.ultrathink.job"]).toBe("true");
});
