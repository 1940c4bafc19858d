import { existsSync } from "node:fs";
import { join } from "node:path";
import { ultrathink } from "../../systems/ultrathink";
import { docker, untilWell } from "./harness/docker";
import { root } from "./harness/paths";
import { alerts, promQuery, untilQuery, type FiringAlert } from "./harness/prometheus";
import { run, succeed } from "./harness/shell";
import { sql } from "./harness/stack";
import { until } from "./harness/until";

/** Rules wait minutes before they fire, so everything is broken at once and the waits overlap. */
const FIRES_SECONDS = 480;

const redis = (command: string) => succeed(`docker exec ultrathink-redis redis-cli ${command}`);
const queue = (command: string) => succeed(`docker exec ultrathink-redis-queue redis-cli ${command}`);
const number = (text: string, key: string) => Number(new RegExp(`^${key}:(\\d+)`, "m").exec(text)![1]);
const produce = (text: string) =>
  run(
    "docker exec -i ultrathink-kafka-1 kafka-console-producer --bootstrap-server kafka-1:9092,kafka-3:9094 --topic training_status --producer-property acks=all --producer-property delivery.timeout.ms=30000 --producer-property request.timeout.ms=10000 --property parse.key=true --property key.separator=:",
    { input: `${text}\n`, seconds: 60 },
  );

/** End of each partition of the topic that `produce` writes to. */
async function offsets(): Promise<number[]> {
  const ends = await succeed("docker exec ultrathink-kafka-1 kafka-get-offsets --bootstrap-server kafka-1:9092,kafka-3:9094 --topic training_status");
  return [...ends.matchAll(/:(\d+)$/gm)].map(([, end]) => Number(end));
}

/** Waits until Alertmanager holds the alert, and checks that its runbook page exists. */
async function firing(name: string, match: Record<string, string>): Promise<FiringAlert> {
  const alert = await until(`${name} in Alertmanager`, FIRES_SECONDS, async () =>
    (await alerts(name)).find(({ labels }) => Object.entries(match).every(([key, value]) => labels[key] === value)),
  );
  const page = /\/(docs\/alerts\/\w+\.md)$/.exec(alert.annotations.runbook_url!)?.[1];
  expect(page).toBe(`docs/alerts/${name}.md`);
  expect(existsSync(join(root, page!))).toBe(true);
  expect(alert.annotations.summary).toBeTruthy();
  return alert;
}

const resolved = (name: string, seconds: number) =>
  until(`${name} resolved in Alertmanager`, seconds, async () => ((await alerts(name)).length === 0 ? true : undefined));

/** Writes 2.5 GB into the cache, 10 MB a script: what is written inside one script is evicted only before the next. */
const FILL =
  "for i = 1, 100 do redis.call('set', 'e2e:fill:' .. redis.call('incr', 'e2e:count'), string.rep('x', 100000), 'ex', 3600) end return redis.call('get', 'e2e:count')";
let startedAt: string;
let evictedBefore: number;
let endsBefore: number[];

beforeAll(async () => {
  await untilWell(["all"]);
  await untilQuery("sum(kafka_server_replicamanager_underreplicatedpartitions) == 0", 120);
  for (let task = 0; task < 3; task++)
    await succeed("docker exec ultrathink-training-orchestrator celery -A tasks call tasks.train --queue e2e-waiting");
  startedAt = (await docker.getContainer("ultrathink-redis").inspect()).State.StartedAt;
  evictedBefore = number(await redis("info stats"), "evicted_keys");

  endsBefore = await offsets();
  await docker.getContainer("ultrathink-kafka-2").kill();
  await docker.getContainer("ultrathink-data-service").stop();
  await succeed(`docker exec ultrathink-redis redis-cli -r 250 eval "${FILL}" 0`, { seconds: 300 });
});

afterAll(async () => {
  await queue("del e2e-waiting");
  await redis("flushall async");
  for (const name of ["ultrathink-kafka-2", "ultrathink-data-service"])
    await docker
      .getContainer(name)
      .start()
      .catch(() => undefined);
  await untilWell(["all"]);
});

describe("a full Redis cache", () => {
  it("evicts and takes writes, and is not killed", async () => {
    const stats = await redis("info stats");
    expect(number(stats, "evicted_keys")).toBeGreaterThan(evictedBefore);
    expect(await redis("set e2e:after-full yes")).toBe("OK\n");
    const { State } = await docker.getContainer("ultrathink-redis").inspect();
    expect([State.OOMKilled, State.StartedAt]).toEqual([false, startedAt]);
    const memory = await redis("info memory");
    expect(number(memory, "used_memory") / ultrathink.redis.redis!.maxmemory).toBeGreaterThan(0.95);
    expect(number(memory, "used_memory_peak")).toBeLessThan(2 * 1024 ** 3);
  });

  it("leaves Celery's queued jobs where they are", async () => {
    expect((await queue("llen e2e-waiting")).trim()).toBe("3");
  });
});

describe("without one Kafka broker", () => {
  it("producing with acks=all goes on, in every partition", async () => {
    const { code, stderr } = await produce(Array.from({ length: 30 }, (_, index) => `${index}:e2e ${index}`).join("\n"));
    // The tool ends with 0 whatever happens; a record that is refused is an ERROR line.
    expect([code, stderr.match(/^.*ERROR.*$/gm)]).toEqual([0, null]);
    // A partition whose leader was on the broker that is gone has no end until another one leads it.
    await until("30 more records, some in every partition", 90, async () => {
      const added = (await offsets()).map((end, partition) => end - endsBefore[partition]!);
      return added.length === endsBefore.length && Math.min(...added) > 0 && added.reduce((sum, records) => sum + records, 0) >= 30
        ? true
        : undefined;
    });
  });

  it("decisions are still made and stored", async () => {
    const before = Number(await sql("SELECT count(*) FROM trading_decisions"));
    await until("more decisions", 90, async () => (Number(await sql("SELECT count(*) FROM trading_decisions")) > before ? true : undefined));
  });
});

describe("without data-service", () => {
  it("inference opens its circuit breaker and goes on, degraded", async () => {
    const health = await until("an open breaker", 120, async () => {
      const answer = (await (await fetch("http://127.0.0.1:8080/health")).json()) as {
        status: string;
        circuit_breakers: Record<string, { state: string }>;
      };
      return answer.circuit_breakers.data_service?.state === "open" ? answer : undefined;
    });
    expect(health.status).not.toBe("healthy");
  });

  it("the circuit-breaker alert fires, with its runbook page", async () => {
    await firing("CircuitBreakerOpen", { service: "inference-service" });
    await firing("ServiceDown", { service: "data-service", severity: "critical" });
  });

  it("the breaker closes when data-service is back", async () => {
    await docker.getContainer("ultrathink-data-service").start();
    await until("a closed breaker", 180, async () => {
      const answer = (await (await fetch("http://127.0.0.1:8080/health")).json()) as { circuit_breakers: Record<string, { state: string }> };
      return answer.circuit_breakers.data_service?.state === "closed" ? true : undefined;
    });
  });
});

describe("the alerts of what is still broken", () => {
  it("the under-replicated alert fires, critical, with its runbook page", async () => {
    await firing("KafkaUnderReplicatedPartitions", { severity: "critical" });
  });

  it("the Redis alert fires, critical, and the generic memory alert stays quiet", async () => {
    await firing("RedisMemoryHigh", { severity: "critical", service: "redis" });
    expect(await promQuery('ALERTS{alertname="MemoryHigh",service="redis"}')).toEqual([]);
  });

  it("they resolve when the broker is back and the cache has room", async () => {
    await docker.getContainer("ultrathink-kafka-2").start();
    await redis("flushall async");
    await untilWell(["ultrathink-kafka-2"]);
    await resolved("KafkaUnderReplicatedPartitions", 240);
    await resolved("RedisMemoryHigh", 240);
    await resolved("CircuitBreakerOpen", 300);
  });
});

describe("TimescaleDB", () => {
  it("takes 200 connections inside its 2G, all of them sorting at once", async () => {
    const used = Number(await sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"));
    const clients = 200 - used - 2;
    const busy = succeed(
      `docker exec -i ultrathink-timescaledb bash -c 'PATH=$PATH:$(pg_config --bindir 2>/dev/null || echo /usr/lib/postgresql/17/bin); pgbench -U ultrathink -d ultrathink_experiments -n -c ${clients} -j 2 -T 20 -f /dev/stdin'`,
      { input: "SELECT count(*) FROM (SELECT md5(i::text) AS hash FROM generate_series(1, 20000) AS i ORDER BY hash) AS sorted;\n", seconds: 180 },
    );
    await until("nearly all connections taken", 60, async () => {
      const taken = Number(await sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"));
      return taken >= 190 ? taken : undefined;
    });
    expect(await busy).toMatch(/number of failed transactions: 0/);
    const { State } = await docker.getContainer("ultrathink-timescaledb").inspect();
    expect([State.OOMKilled, State.Running]).toEqual([false, true]);
    await untilWell(["ultrathink-timescaledb"]);
  });
});
