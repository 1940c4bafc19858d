import { execFileSync } from "node:child_process";
import { RECIPES } from "../../sandbox/images/catalogue";
import { MAKING_IMAGES, makeImages } from "../sandbox/support/images";
import { describeReal } from "../sandbox/support/requirements";

/** What the stack uses of an image; the official image has the same. */
interface Contract {
  /** User that the stack runs it as, as `uid[:gid]`. */
  user: string;
  /** What a container without a command of its own starts. */
  entrypoint: string[] | null;
  /** Called by name or path by the stack, its health checks or the runbook. */
  commands: string[];
  /** Mount points of volumes that the user must be able to write to. */
  writable?: string[];
  /** Environment variables that the stack relies on. */
  env?: string[];
}

const KAFKA_TOOLS = [
  ...["kafka-topics", "kafka-broker-api-versions", "kafka-consumer-groups", "kafka-log-dirs", "kafka-delete-records"],
  ...["kafka-console-producer", "kafka-console-consumer", "kafka-producer-perf-test", "kafka-configs", "kafka-get-offsets"],
];
const BUSYBOX = ["sh", "wget", "timeout", "grep"];

const CONTRACTS: Record<string, Contract> = {
  timescaledb: {
    user: "1000",
    entrypoint: ["/docker-entrypoint.sh"],
    commands: ["bash", "postgres", "psql", "pg_isready", "pg_dump", "pg_restore", "pgbackrest"],
    writable: ["/home/postgres/pgdata", "/var/run/postgresql"],
    env: ["PGDATA=/home/postgres/pgdata/data"],
  },
  zookeeper: {
    user: "1000",
    entrypoint: null,
    commands: ["bash", "curl", "nc", "zookeeper-server-start", "zookeeper-shell"],
    writable: ["/var/lib/zookeeper/data", "/var/lib/zookeeper/log"],
  },
  kafka: { user: "1000", entrypoint: null, commands: ["bash", "curl", "kafka-server-start", ...KAFKA_TOOLS], writable: ["/var/lib/kafka/data"] },
  redis: {
    user: "999",
    entrypoint: ["docker-entrypoint.sh"],
    commands: ["sh", "/usr/local/bin/redis-cli", "/usr/local/bin/redis-server"],
    writable: ["/data"],
  },
  "object-store": { user: "0", entrypoint: ["/app/versitygw"], commands: ["/app/versitygw", ...BUSYBOX] },
  mlflow: { user: "10001", entrypoint: null, commands: ["sh", "python", "mlflow"] },
  prometheus: { user: "65534", entrypoint: ["/bin/prometheus"], commands: ["promtool", "date", ...BUSYBOX], writable: ["/prometheus"] },
  alertmanager: { user: "65534", entrypoint: ["/bin/alertmanager"], commands: ["amtool", ...BUSYBOX], writable: ["/alertmanager"] },
  "loki-canary": { user: "10001", entrypoint: ["/usr/bin/loki-canary"], commands: BUSYBOX },
  alloy: { user: "0", entrypoint: ["/bin/alloy"], commands: ["bash", "grep"], writable: ["/var/lib/alloy/data"] },
  "node-exporter": { user: "65534", entrypoint: ["/bin/node_exporter"], commands: BUSYBOX },
  cadvisor: { user: "0", entrypoint: ["/usr/bin/cadvisor", "-logtostderr"], commands: BUSYBOX },
  "postgres-exporter": { user: "65534", entrypoint: ["/bin/postgres_exporter"], commands: BUSYBOX },
  "redis-exporter": { user: "59000", entrypoint: ["/redis_exporter"], commands: BUSYBOX },
  "kafka-exporter": { user: "65534", entrypoint: ["/bin/kafka_exporter"], commands: BUSYBOX },
  "blackbox-exporter": { user: "65534", entrypoint: ["/bin/blackbox_exporter"], commands: BUSYBOX },
  workloads: {
    user: "10001",
    entrypoint: ["workload"],
    commands: ["workload", "python", "celery", "curl", "ping", "psql", "supercronic"],
  },
  backup: {
    user: "1000",
    entrypoint: ["backup"],
    commands: ["backup", "python3", "curl", "psql", "pg_dump", "pg_restore", "postgres", "pgbackrest", "redis-server", "redis-cli", "supercronic"],
    writable: ["/var/lib/backup", "/var/run/postgresql", "/home/postgres/pgdata"],
    env: ["PGDATA=/home/postgres/pgdata/data"],
  },
};

/** As the stack hardens its containers. */
const HARDENED = ["--rm", "--network=none", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--memory=256m", "--memory-swap=256m"];

const docker = (...args: string[]): string => execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** The image's tag; where there is no such image yet, it is made first. */
async function imageOf(name: string): Promise<string> {
  const { tag } = RECIPES.find(candidate => candidate.name === name)!;
  await makeImages([tag]);
  return tag;
}

/** Runs a shell line in a hardened container of the image and gives what it prints. */
const shell = (image: string, user: string, line: string): string =>
  docker("run", ...HARDENED, "--user", user, "--entrypoint", "sh", image, "-c", line);

jest.setTimeout(MAKING_IMAGES);

describeReal("the sandbox's images", () => {
  describe.each(Object.entries(CONTRACTS))("%s", (name, contract) => {
    test("honours what the stack uses of the official image", async () => {
      const image = await imageOf(name);

      const config = JSON.parse(docker("image", "inspect", "--format", "{{json .Config}}", image)) as { Entrypoint?: string[] | null; Env: string[] };
      expect(config.Entrypoint ?? null).toEqual(contract.entrypoint);
      expect(config.Env).toEqual(expect.arrayContaining(contract.env ?? []));

      const commands = [...contract.commands, ...(contract.entrypoint?.slice(0, 1) ?? [])];
      const missing = commands.map(command => `command -v ${command} >/dev/null || echo no ${command}`);
      const denied = (contract.writable ?? []).map(folder => `touch ${folder}/probe || echo cannot write ${folder}`);
      const volumes = (contract.writable ?? []).filter(folder => folder !== "/var/run/postgresql").flatMap(folder => ["-v", folder]);
      const script = [...missing, ...denied].join("\n");
      expect(docker("run", ...HARDENED, ...volumes, "--user", contract.user, "--entrypoint", "sh", image, "-c", script)).toBe("");
    });
  });

  test("loki has no shell and can check its own health", async () => {
    const image = await imageOf("loki");
    expect(() => shell(image, "10001", "true")).toThrow(/executable file not found|no such file/);
    expect(docker("run", ...HARDENED, "--user", "10001", image, "-version")).toContain("version 3.7.7");
    // Nothing listens: it is the answer of the health check, not a complaint about an unknown flag.
    expect(() => docker("run", ...HARDENED, "--user", "10001", image, "-health")).toThrow(/connection refused/);
  });

  test("kafka has the JMX agent where the stack looks for it", async () => {
    const image = await imageOf("kafka");
    expect(shell(image, "1000", "ls /usr/share/java/cp-base-new/jmx_prometheus_javaagent-*.jar").trim().split("\n")).toHaveLength(1);
  });

  test("a workload can ping without any capability", async () => {
    const image = await imageOf("workloads");
    expect(shell(image, "10001", "ping -c 1 -W 1 127.0.0.1")).toContain(" 0% packet loss");
  });

  test("the programs report the versions that the stack names", async () => {
    const programs: [string, string, string][] = [
      ["prometheus", "/bin/prometheus", "3.7.3"],
      ["alertmanager", "/bin/alertmanager", "0.29.0"],
      ["object-store", "/app/versitygw", "v1.8.0"],
      ["node-exporter", "/bin/node_exporter", "1.9.1"],
    ];
    for (const [name, program, version] of programs) {
      const image = await imageOf(name);
      expect(docker("run", ...HARDENED, "--entrypoint", program, image, "--version")).toContain(version);
    }
  });
});
