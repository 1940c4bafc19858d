import type Docker from "dockerode";
import { hardeningExceptions } from "../../components/hardening";
import { bytes } from "../../systems/declaration";
import { ultrathink } from "../../systems/ultrathink";
import { docker, isJob, namedVolumes, stackContainers } from "./harness/docker";

/** What Docker itself says about each container, against the resource table and the hardening rules. */
let containers: Record<string, Docker.ContainerInspectInfo>;
let services: [string, Docker.ContainerInspectInfo][];
let cores: number;

beforeAll(async () => {
  containers = await stackContainers();
  services = Object.entries(containers).filter(([, info]) => !isJob(info));
  cores = (await docker.info()).NCPU;
  expect(services.length).toBeGreaterThan(20);
});

/** One line per service, so that a failure shows every deviation at once. */
function expectEach(
  actual: (info: Docker.ContainerInspectInfo, name: string) => unknown,
  expected: (name: string) => unknown,
  over = services,
): void {
  expect(Object.fromEntries(over.map(([name, info]) => [name, actual(info, name)]))).toEqual(
    Object.fromEntries(over.map(([name]) => [name, expected(name)])),
  );
}

describe("docker inspect of every service", () => {
  it("shows the resource table: memory, swap, reservation, cores", () => {
    expectEach(
      ({ HostConfig: host }) => ({ memory: host.Memory, withSwap: host.MemorySwap, reserved: host.MemoryReservation, cores: host.NanoCpus! / 1e9 }),
      name => {
        const row = ultrathink.services[name]!;
        return { memory: bytes(row.memory), withSwap: bytes(row.memory), reserved: bytes(row.reserved), cores: Math.min(row.cpu, cores) };
      },
    );
  });

  it("marks a CPU limit that was clamped, and only that", () => {
    expectEach(
      info => info.Config.Labels["dev.ultrathink.cpu-clamped"],
      name => (ultrathink.services[name]!.cpu > cores ? String(ultrathink.services[name]!.cpu) : undefined),
    );
  });

  it("shows the runbook's name, the alias and the networks: the stack's, and those of the external systems that it declares", () => {
    expectEach(
      (info, name) => ({
        name: info.Name,
        host: info.Config.Hostname,
        networks: Object.keys(info.NetworkSettings.Networks).sort(),
        alias: info.NetworkSettings.Networks.infrastructure_default?.Aliases?.includes(name),
      }),
      name => ({
        name: `/ultrathink-${name}`,
        host: name,
        networks: ["infrastructure_default", ...(ultrathink.services[name]!.external ?? []).map(other => ultrathink.external[other]!.network)],
        alias: true,
      }),
    );
  });

  it("publishes the runbook's ports, on loopback", () => {
    expectEach(
      info => info.HostConfig.PortBindings ?? {},
      name => {
        const { port, containerPort } = ultrathink.services[name]!;
        return port === undefined ? {} : { [`${containerPort ?? port}/tcp`]: [{ HostIp: "127.0.0.1", HostPort: String(port) }] };
      },
    );
  });

  it("mounts the declared volumes, the sidecar the database's beside its own", () => {
    const scratch: Record<string, string[]> = { timescaledb: ["timescale_socket"], backup: ["backup_scratch", "timescale_data", "timescale_socket"] };
    expectEach(
      info => namedVolumes(info).sort(),
      name =>
        [
          ...Object.values(ultrathink.volumes)
            .filter(({ service }) => service === name)
            .map(volume => volume.name),
          ...(scratch[name] ?? []),
        ]
          .map(volume => `infrastructure_${volume}`)
          .sort(),
    );
  });

  it("rotates logs: json-file, 10 MB × 3", () => {
    expectEach(
      ({ HostConfig: { LogConfig: log } }) => [log?.Type, log?.Config?.["max-size"], log?.Config?.["max-file"]],
      () => ["json-file", "10m", "3"],
      Object.entries(containers),
    );
  });

  it("restarts without limit after a crash", () => {
    expectEach(
      info => info.HostConfig.RestartPolicy,
      () => ({ Name: "always", MaximumRetryCount: 0 }),
    );
  });

  it("has no new privileges, no capability and no root but for the exceptions with their reason", () => {
    expectEach(
      info => ({
        privileges: info.HostConfig.SecurityOpt,
        drops: info.HostConfig.CapDrop,
        adds: info.HostConfig.CapAdd ?? [],
        privileged: info.HostConfig.Privileged,
        root: /^(0|root|)(:|$)/.test(info.Config.User),
      }),
      name => ({
        privileges: ["no-new-privileges"],
        drops: ["ALL"],
        adds: Object.keys(hardeningExceptions[name]?.capabilities ?? {}).map(capability => `CAP_${capability}`),
        privileged: false,
        root: hardeningExceptions[name]?.root !== undefined,
      }),
      Object.entries(containers),
    );
  });

  it("gives host paths to the agents in the table alone, and Docker's socket to cAdvisor alone", () => {
    expectEach(
      info =>
        info.Mounts.filter(({ Type }) => Type === "bind")
          .map(({ Source }) => Source)
          .sort(),
      name => Object.keys(hardeningExceptions[name]?.hostPaths ?? {}).sort(),
    );
    const withSocket = services.filter(([, info]) => info.Mounts.some(({ Source }) => Source.endsWith("docker.sock"))).map(([name]) => name);
    expect(withSocket.filter(name => name !== "cadvisor")).toEqual([]);
  });

  it("has a health check that passes, or is one that Prometheus probes", () => {
    expectEach(
      info => info.State.Health?.Status ?? info.Config.Labels["dev.ultrathink.probed-by"],
      name => (containers[name]!.Config.Labels["dev.ultrathink.probed-by"] ? "prometheus" : "healthy"),
    );
    expect(services.filter(([, info]) => info.Config.Labels["dev.ultrathink.probed-by"]).length).toBeLessThanOrEqual(2);
  });

  it("carries the labels that Compose, Kubernetes' tools and the operations look for", () => {
    expectEach(
      ({ Config: { Labels: labels } }) => [
        labels["com.docker.compose.project"],
        labels["com.docker.compose.service"],
        labels["com.docker.compose.container-number"],
        labels["com.docker.compose.oneoff"],
        labels["app.kubernetes.io/name"],
        labels["app.kubernetes.io/part-of"],
        labels["app.kubernetes.io/managed-by"],
        labels["dev.ultrathink.stack"],
      ],
      name => ["infrastructure", name, "1", isJob(containers[name]!) ? "True" : "False", name, "ultrathink", "pulumi", "dev"],
      Object.entries(containers),
    );
  });

  it("gives a stateful service time to stop", () => {
    expectEach(
      info => (info.Config as { StopTimeout?: number }).StopTimeout! >= 60,
      () => true,
      services.filter(([name]) => ["timescaledb", "zookeeper", "kafka-1", "kafka-2", "kafka-3", "redis-queue"].includes(name)),
    );
  });

  it("was never killed for memory", () => {
    expectEach(
      info => info.State.OOMKilled,
      () => false,
    );
  });
});
