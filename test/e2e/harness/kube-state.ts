import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { buildKubeStateMetrics } from "../../../sandbox/cluster/programs";
import { buildTool } from "../../../sandbox/images/build";
import { freePort } from "../../sandbox/support/port";
import { NAMESPACES, type Production } from "./production";
import { until } from "./until";

const NAME = "kube-state-metrics";
const JOB = `ultrathink-${NAME}`;
const [namespace] = NAMESPACES as [string];
const say = (line: string) => process.stderr.write(`${line}\n`);

const answersWell = async (url: string) => ((await fetch(url)).ok ? true : undefined);

interface Series {
  metric: Record<string, string>;
  value: number;
}

/** What production's Prometheus would know from its kube-state-metrics. Both are processes here, since the cluster's nodes run no container. */
export interface KubeState {
  /** Addresses that the kubelet would ask, from the pod's probes, and that of the process' own state. */
  probes: string[];
  /** Everything that kube-state-metrics said. */
  log(): string;
  /** Memory that it has for itself, in bytes, as the alert about memory counts it. */
  memory(): number;
  /** Its whole answer. */
  exposition(): Promise<string>;
  query(promql: string): Promise<Series[]>;
  /** Labels of every alert that is pending or fires. */
  alerts(): Promise<Record<string, string>[]>;
  end(): Promise<void>;
}

/** Config files of the running Prometheus, from its ConfigMaps. */
async function configsOf({ core }: Production): Promise<string[]> {
  const { items } = await core.listNamespacedConfigMap({ namespace, labelSelector: "app.kubernetes.io/name=prometheus" });
  return items.flatMap(({ data }) => Object.values(data ?? {}));
}

/**
 * Starts kube-state-metrics as its Deployment has it: its arguments, and a token of its account. Only the ports and the way to the API server are this machine's.
 * Then Prometheus with the stack's own scrape job and rules, asking every second.
 */
export async function startKubeState(production: Production): Promise<KubeState> {
  const folder = mkdtempSync(join(tmpdir(), "ultrathink-kube-state-"));
  const running: ChildProcess[] = [];
  const end = async () => {
    for (const child of running) {
      const ended = child.exitCode === null ? once(child, "exit") : Promise.resolve();
      child.kill("SIGKILL");
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const start = (name: string, program: string, args: string[]): string => {
    const log = join(folder, `${name}.log`);
    const output = openSync(log, "a");
    running.push(spawn(program, args, { stdio: ["ignore", output, output] }));
    closeSync(output);
    return log;
  };

  try {
    const { spec } = await production.apps.readNamespacedDeployment({ name: NAME, namespace });
    const pod = spec!.template.spec!;
    const [container] = pod.containers;
    const { status } = await production.core.createNamespacedServiceAccountToken({
      name: pod.serviceAccountName!,
      namespace,
      body: { spec: { audiences: [], expirationSeconds: 3600 } },
    });
    const kubeconfig = join(folder, "kubeconfig");
    const config = parse(readFileSync(production.env.KUBECONFIG!, "utf8")) as { users: { user: object }[] };
    config.users[0]!.user = { token: status!.token };
    writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });

    const [port, telemetry, own] = [await freePort(), await freePort(), await freePort()];
    const here = [`--kubeconfig=${kubeconfig}`, `--port=${port}`, `--telemetry-port=${telemetry}`];
    const log = start(NAME, await buildKubeStateMetrics(say), [...container!.args!, ...here]);
    const asked = [container!.startupProbe!, container!.readinessProbe!, container!.livenessProbe!];
    const probes = [...asked.map(({ httpGet }) => `http://127.0.0.1:${port}${httpGet!.path}`), `http://127.0.0.1:${telemetry}/readyz`];
    await until("kube-state-metrics answers", 60, () => answersWell(probes[0]!));

    const texts = await configsOf(production);
    const declared = texts.map(text => parse(text) as { scrape_configs?: { job_name: string }[] }).find(text => text.scrape_configs)!;
    const job = declared.scrape_configs!.find(({ job_name }) => job_name === JOB)!;
    writeFileSync(
      join(folder, "rules.yml"),
      texts.find(text => text.includes("alert: KubePodNotReady"))!,
    );
    writeFileSync(
      join(folder, "prometheus.yml"),
      stringify({
        global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" },
        rule_files: [join(folder, "rules.yml")],
        scrape_configs: [JSON.parse(JSON.stringify(job).replace(/"kube-state-metrics:\d+"/, `"127.0.0.1:${port}"`))],
      }),
    );
    start("prometheus", join(dirname(await buildTool("promtool", say)), "prometheus"), [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${own}`,
    ]);
    const api = `http://127.0.0.1:${own}`;
    await until("Prometheus answers", 60, () => answersWell(`${api}/-/ready`));
    const ask = async <T>(path: string) => ((await (await fetch(`${api}/api/v1/${path}`)).json()) as { data: T }).data;
    return {
      probes,
      log: () => readFileSync(log, "utf8"),
      memory: () => Number(/^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${running[0]!.pid}/status`, "utf8"))![1]) * 1024,
      exposition: async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
      async query(promql) {
        const { result } = await ask<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(
          `query?query=${encodeURIComponent(promql)}`,
        );
        return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
      },
      alerts: async () => (await ask<{ alerts: { labels: Record<string, string> }[] }>("alerts")).alerts.map(({ labels }) => labels),
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}
