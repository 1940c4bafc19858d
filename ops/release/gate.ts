import type { PlannedReleases } from "../project";
import { answered, ask, type Answer } from "./smoke";

/** What Prometheus measured of some pods since a gate began. */
export interface Measured {
  requests: number;
  errorPercent: number;
  p95Milliseconds: number;
}

export interface GateArgs {
  /** Service that the pods belong to, as the metrics' label `service` says. */
  service: string;
  /** Deployment whose pods are measured. */
  deployment: string;
  /** Base URLs of these pods. */
  urls: string[];
  /** Paths that are asked in turn. */
  paths: string[];
  /** Base URL of Prometheus. */
  prometheus: string;
  releases: Pick<PlannedReleases, "gate"> & { prometheus: Pick<PlannedReleases["prometheus"], "scrapeSeconds"> };
  signal: AbortSignal;
}

/** What was measured, and everything that keeps the gate shut; nothing means that it is open. */
export interface Verdict {
  measured: Measured;
  reasons: string[];
}

/** Asks a candidate for the gate's period, and reads from Prometheus how it did. */
export async function gateVerdict(args: GateArgs): Promise<Verdict> {
  const { gate, prometheus } = args.releases;
  const began = Date.now();
  const answers = await load(args);
  // What was asked last has to be scraped once more.
  await sleep((prometheus.scrapeSeconds + 1) * 1000);
  const measured = await measure(args, Math.ceil((Date.now() - began) / 1000));
  const failed = answers.filter(answer => !answered(answer));
  const { requests, errorPercent, p95Milliseconds } = measured;
  const reasons = [
    ...(failed.length > 0 ? [`${failed.length} of ${answers.length} requests were not answered with 200, first ${say(failed[0]!)}`] : []),
    // As few as that, and what it measured was somebody else.
    ...(requests < answers.length / 2
      ? [`Prometheus measured ${requests} requests of ${answers.length}: it does not read the candidate's pods`]
      : []),
    ...(errorPercent < gate.errorPercent ? [] : [`5xx: ${percent(errorPercent)} of the answers, and the limit is ${percent(gate.errorPercent)}`]),
    ...(p95Milliseconds < gate.p95Milliseconds ? [] : [`p95: ${milliseconds(p95Milliseconds)}, and the limit is ${gate.p95Milliseconds} ms`]),
  ];
  return { measured, reasons };
}

export const percent = (value: number) => (Number.isNaN(value) ? "an unknown share" : `${Math.round(value * 1000) / 1000} %`);
const milliseconds = (value: number) => (Number.isNaN(value) ? "not measured" : `${Math.round(value)} ms`);
const say = ({ url, outcome }: Answer) => `${new URL(url).pathname}: ${outcome}`;
const sleep = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds));

/** Sends the gate's requests at an even pace, however long the answers take, round every pod and path. */
async function load({ urls, paths, releases: { gate }, signal }: GateArgs): Promise<Answer[]> {
  const targets = urls.flatMap(url => paths.map(path => new URL(path, url).href));
  const count = Math.ceil(gate.periodSeconds * gate.requestsPerSecond);
  const began = Date.now();
  const sent: Promise<Answer>[] = [];
  for (let index = 0; index < count; index++) {
    await sleep(Math.max(0, began + (index * 1000) / gate.requestsPerSecond - Date.now()));
    signal.throwIfAborted();
    sent.push(ask(targets[index % targets.length]!));
  }
  return Promise.all(sent);
}

/**
 * Questions to Prometheus about a Deployment's pods in the last seconds. Counters are compared with themselves: a series that is new counts from 0,
 * which `increase` would not do, and a candidate's are new. A pod that was started again meanwhile gives no sensible answer, and the gate stays shut.
 */
export function queries({ service, deployment }: Pick<GateArgs, "service" | "deployment">, windowSeconds: number) {
  const pods = `service="${service}",instance=~"${deployment}-[a-z0-9]+-[a-z0-9]+"`;
  const grown = (series: string, by = "") => `(sum${by}(${series}) - (sum${by}(${series} offset ${windowSeconds}s) or 0 * sum${by}(${series})))`;
  const requests = grown(`http_requests_total{${pods}}`);
  return {
    requests,
    errorPercent: `100 * (${grown(`http_requests_total{${pods},status=~"5.."}`)} or vector(0)) / ${requests}`,
    p95Seconds: `histogram_quantile(0.95, ${grown(`http_request_duration_seconds_bucket{${pods}}`, " by (le) ")})`,
  };
}

async function measure(args: GateArgs, windowSeconds: number): Promise<Measured> {
  const { requests, errorPercent, p95Seconds } = queries(args, windowSeconds);
  const value = (query: string) => promQuery(args.prometheus, query);
  return {
    requests: (await value(requests)) || 0,
    errorPercent: await value(errorPercent),
    p95Milliseconds: (await value(p95Seconds)) * 1000,
  };
}

/** The one value of a query; NaN where there is none, which is below no limit. */
async function promQuery(prometheus: string, query: string): Promise<number> {
  const response = await fetch(new URL("/api/v1/query", prometheus), { method: "POST", body: new URLSearchParams({ query }) });
  const text = await response.text();
  if (!response.ok) throw new Error(`Prometheus answers ${response.status} to ${query}: ${text.slice(0, 300)}`);
  const { data } = JSON.parse(text) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1] ?? NaN);
}
