import { plannedService } from "../../backups/face";
import type { StackPlan } from "../../project";
import { services } from ".";

export interface Sample {
  metric: Record<string, string>;
  value: number;
}

export class Prometheus {
  private readonly url: string;

  constructor(plan: StackPlan) {
    this.url = `http://${plan.bindAddress}:${plannedService(plan, services.prometheus).ports[0]}`;
  }

  /** Samples of an instant query that answers a vector. */
  async query(query: string): Promise<Sample[]> {
    const answer = await fetch(`${this.url}/api/v1/query`, {
      method: "POST",
      body: new URLSearchParams({ query }),
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(`${answer.status} from Prometheus: ${(await answer.text()).slice(0, 300)}`);
    const { data } = (await answer.json()) as { data: { result: { metric: Record<string, string>; value: [number, string] }[] } };
    return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }
}
