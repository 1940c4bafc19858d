import { until } from "./until";

export interface Sample {
  metric: Record<string, string>;
  value: number;
}

async function json<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} from ${url}: ${text.slice(0, 500)}`);
  return JSON.parse(text) as T;
}

interface PrometheusAnswer {
  data: { resultType: string; result: { metric?: Record<string, string>; value?: [number, string] }[] | [number, string] };
}

/** Asks Prometheus on this machine, now. */
export async function promQuery(query: string): Promise<Sample[]> {
  const { data } = await json<PrometheusAnswer>("http://127.0.0.1:9090/api/v1/query", { method: "POST", body: new URLSearchParams({ query }) });
  if (data.resultType === "scalar") return [{ metric: {}, value: Number((data.result as [number, string])[1]) }];
  return (data.result as { metric?: Record<string, string>; value?: [number, string] }[]).map(({ metric = {}, value }) => ({
    metric,
    value: Number(value?.[1]),
  }));
}

/** Waits until a query has an answer that `accept` takes. */
export function untilQuery(
  query: string,
  seconds: number,
  accept: (samples: Sample[]) => boolean = samples => samples.length > 0,
): Promise<Sample[]> {
  return until(query, seconds, async () => {
    const samples = await promQuery(query);
    if (!accept(samples)) throw new Error(JSON.stringify(samples.slice(0, 3)));
    return samples;
  });
}

/** A sum over all series of a query; 0 where there is none. */
export async function promSum(query: string): Promise<number> {
  return (await promQuery(query)).reduce((sum, { value }) => sum + value, 0);
}

/** Asks Loki on this machine over the last hour; the number of streams or series in the answer. */
export async function lokiQuery(query: string): Promise<number> {
  const now = Date.now();
  const parameters = new URLSearchParams({ query, start: `${now - 3_600_000}000000`, end: `${now}000000`, step: "60", limit: "10" });
  const answer = await json<{ data: { result: unknown[] } }>(`http://127.0.0.1:3100/loki/api/v1/query_range?${parameters}`);
  return answer.data.result.length;
}

export interface FiringAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  status: { state: string };
  startsAt: string;
}

/** Alerts that Alertmanager holds, by name. */
export function alerts(name: string): Promise<FiringAlert[]> {
  return json(`http://127.0.0.1:9095/api/v2/alerts?filter=${encodeURIComponent(`alertname="${name}"`)}`);
}
