import { createHash, randomBytes } from "node:crypto";
import { plannedService } from "../../backups/face";
import type { StackPlan } from "../../project";
import { services } from ".";

/** A file that was logged to a run. */
export interface Artifact {
  run: string;
  /** Path below the tracking server's artifact root. */
  path: string;
  sha256: string;
}

/** MLflow over its HTTP API, as any client talks to it. */
export class Tracking {
  private readonly url: string;

  constructor(
    plan: StackPlan,
    private readonly mark: string,
  ) {
    this.url = `http://${plan.bindAddress}:${plannedService(plan, services.tracking).ports[0]}`;
  }

  /** Runs with metrics, parameters and files of random bytes; all that is needed to know them again is returned. */
  async log(runs: number, files: number, bytes: number): Promise<Artifact[]> {
    const experiment = await this.experiment();
    const logged: Artifact[] = [];
    for (let number = 0; number < runs; number++) {
      const { run } = await this.call<{ run: { info: { run_id: string; artifact_uri: string } } }>("runs/create", {
        experiment_id: experiment,
        start_time: Date.now(),
      });
      const { run_id: id, artifact_uri: root } = run.info;
      await this.call("runs/log-batch", {
        run_id: id,
        params: [{ key: "number", value: String(number) }],
        metrics: [{ key: "loss", value: number / 7, timestamp: Date.now(), step: 0 }],
      });
      for (let file = 0; file < files; file++) {
        const content = randomBytes(bytes);
        const path = `${root.replace(/^mlflow-artifacts:\/*/, "")}/file-${file}.bin`;
        await this.request(`mlflow-artifacts/artifacts/${path}`, { method: "PUT", body: content });
        logged.push({ run: id, path, sha256: createHash("sha256").update(content).digest("hex") });
      }
      await this.call("runs/update", { run_id: id, status: "FINISHED", end_time: Date.now() });
    }
    return logged;
  }

  /** What is not there any more, or differs by a byte. */
  async missing(artifacts: Artifact[]): Promise<string[]> {
    const bad: string[] = [];
    for (const run of new Set(artifacts.map(artifact => artifact.run))) {
      await this.request(`mlflow/runs/get?run_id=${run}`).catch((error: Error) => bad.push(`run ${run}: ${error.message}`));
    }
    for (const { path, sha256 } of artifacts) {
      try {
        const content = await (await this.request(`mlflow-artifacts/artifacts/${path}`)).arrayBuffer();
        if (createHash("sha256").update(Buffer.from(content)).digest("hex") !== sha256) bad.push(`${path} has other bytes`);
      } catch (error) {
        bad.push(`${path}: ${(error as Error).message}`);
      }
    }
    return bad;
  }

  /** Deletes this run's experiment; MLflow keeps what is deleted until its own clean-up. */
  async clear(): Promise<void> {
    await this.call("experiments/delete", { experiment_id: await this.experiment() });
  }

  private async experiment(): Promise<string> {
    try {
      return (await this.call<{ experiment_id: string }>("experiments/create", { name: this.mark })).experiment_id;
    } catch (error) {
      if (!(error as Error).message.includes("RESOURCE_ALREADY_EXISTS")) throw error;
      const answer = await this.request(`mlflow/experiments/get-by-name?experiment_name=${encodeURIComponent(this.mark)}`);
      return ((await answer.json()) as { experiment: { experiment_id: string } }).experiment.experiment_id;
    }
  }

  private async call<T>(path: string, body: object): Promise<T> {
    const answer = await this.request(`mlflow/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return (await answer.json()) as T;
  }

  private async request(path: string, init: RequestInit = {}): Promise<Response> {
    const answer = await fetch(`${this.url}/api/2.0/${path}`, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) throw new Error(`${answer.status} from MLflow for ${path.split("?")[0]}: ${(await answer.text()).slice(0, 300)}`);
    return answer;
  }
}

/** Longest answer of the tracking server, large files included. */
const TIMEOUT_MS = 120_000;
