import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DockerBackend } from "../../components/backends/docker/backend";
import { Platform } from "../../components/platform";
import { parseConfig } from "../../config";
import images from "../../images.lock.json";
import { type System, without } from "../../systems/declaration";
import { ultrathink } from "../../systems/ultrathink";
import { sweep } from "../sandbox/support/docker";
import { startEngine, type TestEngine } from "../sandbox/support/engine";
import { describeWithImages } from "../vault/support";

jest.setTimeout(420_000);

const STACK = "t-tls";
const PREFIX = `${STACK}-`;
const NETWORK = `${STACK}_default`;
const brokers = ["kafka-1", "kafka-2"];
const present = ["timescaledb", "postgres-exporter", "zookeeper", ...brokers];
const declared = without(
  ultrathink,
  Object.keys(ultrathink.services).filter(name => !present.includes(name)),
);
/** The servers with what a stack on many nodes makes of them, and two brokers: they, too, refuse each other in plain text. */
const system: System = {
  ...declared,
  // Nothing here is backed up, so there is no vault to reach; and no client is on the host.
  services: Object.fromEntries(
    Object.entries(declared.services).map(([name, row]) => [name, { ...row, external: undefined, containerPort: undefined }]),
  ),
  groups: { kafka: brokers },
  availability: {},
  kafka: { ...ultrathink.kafka!, brokers, replicationFactor: 2, topics: [{ name: "t_tls", partitions: 2 }], saslSsl: true },
  project: STACK,
  containerPrefix: PREFIX,
};
/** Beside a stack that is up. */
const portOffset = 21_000;
const bindAddress = "127.0.0.1";

const docker = (...args: string[]) => execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();

describeWithImages("servers that demand TLS, under the real engine", ["timescaledb", "postgres-exporter", "zookeeper", "kafka", "workloads"], () => {
  let real: TestEngine;
  let folder: string;
  const clear = async () => {
    for (const prefix of [PREFIX, `${STACK}_`]) await sweep(prefix);
  };

  beforeAll(async () => {
    await clear();
    folder = mkdtempSync(join(tmpdir(), PREFIX));
    real = await startEngine();
    const program = async () => {
      const args = { system, stack: STACK, images, imageOverrides: {}, leftOut: [], bindAddress, portOffset, gpuDevices: {}, clampCpusTo: 1 };
      const config = parseConfig({ backend: "docker", portOffset }, STACK);
      await new Platform("t", { system, leftOut: {}, config, backend: parent => new DockerBackend("docker", args, { parent }) }).ready;
      return {};
    };
    // The schema job, the exporter and the topics job verify their servers, and wait for the brokers to follow one another: unless all get in, it does not end well.
    await (await real.stack(STACK, program, STACK)).up();
    docker("cp", `${PREFIX}timescaledb-schema:/etc/ssl/ultrathink/ca.crt`, join(folder, "ca.crt"));
  });
  afterAll(async () => {
    await real?.end();
    await clear();
    rmSync(folder, { recursive: true, force: true });
  });

  describe("the database", () => {
    /** What a client on the network says, and what it is told. */
    function psql(environment: Record<string, string>) {
      const PGPASSWORD = docker("exec", `${PREFIX}timescaledb`, "cat", "/run/secrets/postgres-ultrathink");
      const all = {
        PGHOST: "timescaledb",
        PGUSER: "ultrathink",
        PGDATABASE: "ultrathink_experiments",
        PGPASSWORD,
        PGCONNECT_TIMEOUT: "10",
        ...environment,
      };
      const options = Object.entries(all).flatMap(([key, value]) => ["--env", `${key}=${value}`]);
      const run = [
        "run",
        "--rm",
        "--user",
        "0",
        "--network",
        NETWORK,
        "--volume",
        `${folder}:/ca:ro`,
        ...options,
        "--entrypoint",
        "psql",
        docker("inspect", "--format", "{{.Image}}", `${PREFIX}timescaledb`),
      ];
      const { status, stdout, stderr } = spawnSync("docker", [...run, "-Atc", "SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"], {
        encoding: "utf8",
      });
      return { status, said: (stdout + stderr).trim() };
    }
    const verified = { PGSSLMODE: "verify-full", PGSSLROOTCERT: "/ca/ca.crt" };

    it("lets in who verifies it and knows the password", () => {
      expect(psql(verified)).toEqual({ status: 0, said: "t|TLSv1.3" });
    });

    it("refuses who comes without TLS, the right password or not", () => {
      expect(psql({ PGSSLMODE: "disable" })).toEqual({ status: 2, said: expect.stringMatching(/no pg_hba\.conf entry for host .* no encryption/) });
    });

    it("refuses a wrong password", () => {
      expect(psql({ ...verified, PGPASSWORD: "wrong" })).toEqual({ status: 2, said: expect.stringContaining("password authentication failed") });
    });

    it("is refused by a client that asks for another name than its own", () => {
      const address = docker("inspect", "--format", `{{(index .NetworkSettings.Networks "${NETWORK}").IPAddress}}`, `${PREFIX}timescaledb`);
      expect(psql({ ...verified, PGHOST: address })).toEqual({ status: 2, said: expect.stringContaining("does not match host name") });
    });

    it("asks nobody in its own container, as the runbook has it", () => {
      const sql = ["psql", "-U", "ultrathink", "-d", "ultrathink_experiments", "-Atc", "SELECT 1"];
      expect(docker("exec", `${PREFIX}timescaledb`, ...sql)).toBe("1");
    });
  });

  describe("the brokers", () => {
    const PROPERTIES = "/run/secrets/kafka-client.properties";
    /** A command in the second broker's container, as a client of the first. */
    function client(command: string, input = "") {
      const run = ["exec", "--interactive", `${PREFIX}kafka-2`, "timeout", "40", "bash", "-c", command];
      const { status, stdout, stderr } = spawnSync("docker", run, { encoding: "utf8", input });
      return { status, said: (stdout + stderr).trim() };
    }
    const produce = (config: string) => `kafka-console-producer --bootstrap-server kafka-1:9092 --topic t_tls ${config} --request-timeout-ms 5000`;
    /** Asks for the topics with the client's own settings after `sed`; a client that is refused is not to try for long. */
    const list = (sed: string) =>
      client(
        `kafka-topics --bootstrap-server kafka-1:9092 --list --command-config <(sed '${sed}' ${PROPERTIES}; echo default.api.timeout.ms=8000; echo request.timeout.ms=4000)`,
      );

    it("take and give messages of who verifies them and knows the password", () => {
      expect(client(produce(`--producer.config ${PROPERTIES}`), "over TLS\n").status).toBe(0);
      const consume = `kafka-console-consumer --bootstrap-server kafka-2:9093 --topic t_tls --consumer.config ${PROPERTIES}`;
      expect(client(`${consume} --from-beginning --max-messages 1`)).toMatchObject({ status: 0, said: expect.stringContaining("over TLS") });
    });

    it("show their topics to the same client", () => {
      expect(list("")).toEqual({ status: 0, said: expect.stringContaining("t_tls") });
    });

    it.each([
      // The client takes the TLS alert for the length of an answer, has no memory for it, and ends.
      ["without TLS", "s/SASL_SSL/SASL_PLAINTEXT/", "TimeoutException"],
      ["with TLS and without a password", "s/SASL_SSL/SSL/", "TimeoutException"],
      ["with a wrong password", 's/password="[^"]*"/password="wrong"/', "Authentication failed: Invalid username or password"],
    ])("refuse who comes %s", (_title, sed, message) => {
      const { status, said } = list(sed);
      expect(status).toBe(1);
      expect(said).toContain(message);
    });

    it("are refused by a client that trusts another authority", () => {
      expect(list("/^ssl.truststore/d").said).toContain("unable to find valid certification path");
    });
  });
});
