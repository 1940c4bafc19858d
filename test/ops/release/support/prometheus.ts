import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { until } from "../../../e2e/harness/until";
import { find } from "../../../alerts/tools";
import { freePort } from "../../../sandbox/support/port";

/** The real Prometheus, which reads some targets every second. Resolves when it has read each of them. */
export async function startPrometheus(targets: { url: string; labels: Record<string, string> }[]): Promise<{ url: string; end(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "t-prometheus-"));
  const config = join(folder, "prometheus.yml");
  const static_configs = targets.map(({ url, labels }) => ({ targets: [new URL(url).host], labels }));
  writeFileSync(config, stringify({ global: { scrape_interval: "1s" }, scrape_configs: [{ job_name: "candidates", static_configs }] }));
  const port = await freePort();
  const program = find("prometheus");
  const child = spawn(program, [`--config.file=${config}`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`], {
    stdio: "ignore",
  });
  const failed = new Promise<never>((_, reject) => {
    child.once("error", error =>
      reject(new Error(`${program} cannot be run (${error.message}); install the release of images.lock.json, or name it in PROMETHEUS`)),
    );
    child.once("exit", code => reject(new Error(`${program} ended with ${code}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  const read = until("Prometheus reads every target", 60, async () => {
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent("count(up == 1)")}`);
    const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
    if (Number(data.result[0]?.value[1]) !== targets.length) throw new Error(JSON.stringify(data.result));
    return true;
  });
  failed.catch(() => undefined);
  const end = async () => {
    if (child.exitCode === null && child.signalCode === null && child.kill()) await once(child, "exit");
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.race([read, failed]);
  } catch (error) {
    await end();
    throw error;
  }
  return { url, end };
}
