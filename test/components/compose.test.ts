import { parse } from "yaml";
import { ComposeBackend, type ComposeProject } from "../../components/compose";
import type { JobSpec, ServiceSpec } from "../../components/spec";
import { ultrathink } from "../../systems/ultrathink";

const limits = { cpu: 4, memory: "1G", reserved: "512M" } as const;
const database: ServiceSpec = {
  ...limits,
  name: "timescaledb",
  image: "timescaledb",
  user: 1000,
  command: ["sh", "-c", "echo $HOME"],
  env: { PGDATA: "/data" },
  ports: [{ container: 5432, host: 5432 }],
  files: [{ path: "/run/secrets/password", kind: "secret", content: "hunter$2" }],
  volumes: [{ volume: "timescale", path: "/data" }],
  health: { command: ["pg_isready"], startup: "120s" },
  stopGrace: "120s",
  needs: [],
};
const schema: JobSpec = { ...limits, name: "timescaledb-schema", image: "timescaledb", user: 1000, needs: ["timescaledb"], deadline: "60s" };
const broker = (name: string): ServiceSpec => ({
  ...limits,
  name,
  image: "kafka",
  user: 1000,
  health: { command: ["true"], startup: "60s" },
  stopGrace: "60s",
  needs: [],
});
const loki: ServiceSpec = {
  ...limits,
  name: "loki",
  image: "loki",
  user: 10001,
  health: { probedBy: "prometheus", startup: "60s" },
  stopGrace: "30s",
  needs: [],
};
const consumer: ServiceSpec = {
  ...limits,
  name: "forensics-consumer",
  image: "workloads",
  user: 10001,
  tmpfs: { "/tmp": "64M" },
  health: { command: ["true"], startup: "60s" },
  stopGrace: "30s",
  needs: ["kafka", "timescaledb", "loki"],
};

async function rendered(): Promise<{ services: Record<string, Record<string, unknown>>; volumes: unknown; files: unknown }> {
  const backend = new ComposeBackend({
    system: ultrathink,
    stack: "dev",
    images: { timescaledb: "timescale:1", kafka: "kafka:1", workloads: "workloads:1", loki: "loki:1" },
    imageOverrides: { "forensics-consumer": "own/forensics:2" },
    bindAddress: "127.0.0.1",
    portOffset: 100,
    clampCpusTo: 2,
    gpuDevices: {},
    leftOut: [],
  });
  backend.service(database);
  backend.job(schema, { completes: "timescaledb", parent: undefined as never });
  backend.service(broker("kafka-1"));
  backend.service(broker("kafka-2"));
  backend.service(loki);
  backend.service(consumer);
  const { file, files } = await new Promise<ComposeProject>(resolve => backend.project().apply(resolve));
  return { ...(parse(file) as object), files } as never;
}

describe("the Compose file", () => {
  it("waits for health, for a group's members, for the jobs that complete a service, and for a start where there is no check", async () => {
    const { services } = await rendered();
    expect(services["forensics-consumer"]!.depends_on).toEqual({
      timescaledb: { condition: "service_healthy" },
      "timescaledb-schema": { condition: "service_completed_successfully" },
      "kafka-1": { condition: "service_healthy" },
      "kafka-2": { condition: "service_healthy" },
      loki: { condition: "service_started" },
    });
    expect(services["timescaledb-schema"]!.depends_on).toEqual({ timescaledb: { condition: "service_healthy" } });
  });

  it("has the Docker backend's limits, ports, volumes, files and hardening", async () => {
    const { services, volumes, files } = await rendered();
    expect(services.timescaledb).toMatchObject({
      container_name: "ultrathink-timescaledb",
      image: "timescale:1",
      user: "1000:1000",
      cpus: 2,
      mem_limit: "1024m",
      memswap_limit: "1024m",
      mem_reservation: "512m",
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges"],
      ports: ["127.0.0.1:5532:5432"],
      volumes: ["infrastructure_timescale_data:/data", "./files/timescaledb/run/secrets/password:/run/secrets/password:ro"],
      healthcheck: { test: ["CMD", "pg_isready"] },
      stop_grace_period: "120s",
    });
    expect(services["forensics-consumer"]).toMatchObject({ image: "own/forensics:2", read_only: true, tmpfs: ["/tmp:size=64m,mode=1777"] });
    expect(services.loki!.healthcheck).toBeUndefined();
    expect(volumes).toEqual({ infrastructure_timescale_data: { name: "infrastructure_timescale_data" } });
    expect(files).toEqual([{ path: "files/timescaledb/run/secrets/password", content: "hunter$2", mode: 0o440 }]);
  });

  it("leaves no dollar sign for Compose to expand", async () => {
    const { services } = await rendered();
    expect(services.timescaledb!.command).toEqual(["sh", "-c", "echo $$HOME"]);
  });

  it("names an image that the lock does not have", () => {
    const backend = new ComposeBackend({
      system: ultrathink,
      stack: "dev",
      images: {},
      imageOverrides: {},
      bindAddress: "127.0.0.1",
      portOffset: 0,
      gpuDevices: {},
      leftOut: [],
    });
    expect(() => backend.service(loki)).toThrow('image "loki" is not in images.lock.json');
  });
});
