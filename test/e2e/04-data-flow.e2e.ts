import { ultrathink } from "../../systems/ultrathink";
import { lokiQuery, promSum, untilQuery } from "./harness/prometheus";
import { succeed } from "./harness/shell";
import { sql } from "./harness/stack";
import { until } from "./harness/until";

const kafka = (command: string) => succeed(`docker exec ultrathink-kafka-1 ${command}`);
const mlflow = async (path: string, body?: unknown) => {
  const response = await fetch(
    `http://127.0.0.1:5000/api/2.0/mlflow/${path}`,
    body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) },
  );
  return (await response.json()) as Record<string, never>;
};

describe("data flows", () => {
  it("from inference through Kafka and the forensics consumer into TimescaleDB", async () => {
    const message = await kafka(
      "kafka-console-consumer --bootstrap-server kafka-1:9092 --topic trading_decisions --max-messages 1 --timeout-ms 60000 --group e2e-reader",
    );
    const { decision_id: id } = JSON.parse(message.trim().split("\n")[0]!) as { decision_id: string };
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    await until(`decision ${id} in TimescaleDB`, 60, async () =>
      (await sql(`SELECT count(*) FROM trading_decisions WHERE decision_id = '${id}'`)) === "1" ? true : undefined,
    );
    const stored = Number(await sql("SELECT count(*) FROM trading_decisions"));
    await until("more decisions stored", 60, async () => (Number(await sql("SELECT count(*) FROM trading_decisions")) > stored ? true : undefined));
  });

  it("through topics as declared: partitions, three replicas, two in sync", async () => {
    const described = await kafka("kafka-topics --bootstrap-server kafka-1:9092 --describe");
    for (const { name, partitions } of ultrathink.kafka!.topics) {
      expect(described).toMatch(new RegExp(`Topic: ${name}\\s.*PartitionCount: ${partitions}\\s+ReplicationFactor: 3\\s+Configs:.*`));
    }
    const broker = await kafka("kafka-configs --bootstrap-server kafka-1:9092 --entity-type brokers --entity-name 1 --describe --all");
    for (const setting of [
      "min.insync.replicas=2",
      "unclean.leader.election.enable=false",
      "auto.create.topics.enable=false",
      "log.retention.hours=168",
    ])
      expect(broker).toContain(setting);
  });

  it("to consumer groups that keep up", async () => {
    for (const group of ultrathink.kafka!.consumerGroups) {
      const described = await kafka(`kafka-consumer-groups --bootstrap-server kafka-1:9092 --describe --group ${group}`);
      expect(described).toMatch(/LAG/);
    }
    await untilQuery(
      'max(kafka_consumergroup_lag{consumergroup="forensics-consumer"})',
      60,
      ([sample]) => sample !== undefined && sample.value < 1000,
    );
  });

  it("into and out of the Redis cache", async () => {
    const hits = async () => Number(/keyspace_hits:(\d+)/.exec(await succeed("docker exec ultrathink-redis redis-cli info stats"))![1]);
    const before = await hits();
    await until("more cache hits", 60, async () => ((await hits()) > before ? true : undefined));
  });

  it("through Celery: a task that is sent is done, and lands as a run in MLflow", async () => {
    const runs = async () => {
      const { experiment } = (await mlflow("experiments/get-by-name?experiment_name=production_model_training")) as {
        experiment?: { experiment_id: string };
      };
      if (!experiment) return -1;
      const { runs: found } = (await mlflow("runs/search", {
        experiment_ids: [experiment.experiment_id],
        max_results: 1000,
        filter: "attributes.status = 'FINISHED'",
      })) as { runs?: unknown[] };
      return found?.length ?? 0;
    };
    const done = () => promSum('celery_tasks_total{state="success"}');
    const [runsBefore, doneBefore] = [await runs(), await done()];
    await succeed("docker exec ultrathink-training-orchestrator celery -A tasks call tasks.train");
    await until("another finished run", 180, async () => ((await runs()) > runsBefore ? true : undefined));
    await until("another task counted", 60, async () => ((await done()) > doneBefore ? true : undefined));
  });

  it("into the model registry: a version in production, by alias and stage, which inference serves", async () => {
    const model = await until("a production model", 240, async () => {
      const { registered_model: found } = (await mlflow("registered-models/get?name=production_model")) as {
        registered_model?: { aliases?: { alias: string; version: string }[]; latest_versions: { current_stage: string; version: string }[] };
      };
      return found?.aliases?.some(({ alias }) => alias === "production") ? found : undefined;
    });
    expect(model.latest_versions.map(({ current_stage: stage }) => stage)).toContain("Production");
    await until("inference serves it", 90, async () => {
      const info = (await (await fetch("http://127.0.0.1:8080/model/info")).json()) as Record<string, unknown>;
      return info.name === "production_model" && /^\d+$/.test(String(info.version)) ? info : undefined;
    });
  });

  it("into the object store: the model's file is read back through MLflow", async () => {
    const { registered_model: model } = (await mlflow("registered-models/get?name=production_model")) as unknown as {
      registered_model: { latest_versions: { run_id: string }[] };
    };
    const runId = model.latest_versions[0]!.run_id;
    const { files } = (await mlflow(`artifacts/list?run_id=${runId}&path=model`)) as unknown as { files: { path: string; file_size?: number }[] };
    expect(files.filter(({ file_size: size }) => Number(size) > 0).length).toBeGreaterThan(0);
    const image = (await succeed("docker inspect --format '{{.Image}}' ultrathink-object-store")).trim();
    const stored = await succeed(
      `docker run --rm --user 0 -v infrastructure_mlflow_artifacts:/stored:ro --entrypoint find ${image} /stored -type f -path '*/${runId}/*'`,
    );
    for (const { path } of files) expect(stored).toContain(`/artifacts/${path}\n`);
  });

  it("into the tables that the runbook queries", async () => {
    for (const table of ["experiments", "metrics", "model_versions"])
      expect([table, Number(await sql(`SELECT count(*) FROM ${table}`)) > 0]).toEqual([table, true]);
    expect(
      await sql(
        "SELECT string_agg(hypertable_name, ',' ORDER BY hypertable_name) FROM timescaledb_information.hypertables WHERE hypertable_schema = 'public'",
      ),
    ).toBe("metrics,trading_decisions");
  });

  it("into Loki: every service's logs, with their labels", async () => {
    for (const service of ["inference-service", "timescaledb", "kafka-1", "redis"]) {
      await until(`logs of ${service}`, 60, async () => ((await lokiQuery(`{service="${service}",system="ultrathink"}`)) > 0 ? true : undefined));
    }
  });

  it("into Alertmanager: the watchdog is always there", async () => {
    await untilQuery('ALERTS{alertname="Watchdog",alertstate="firing"}', 120);
  });
});
