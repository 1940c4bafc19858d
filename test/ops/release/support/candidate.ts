import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Bounds of the histogram's buckets, in seconds. */
const BOUNDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1];

/** A small HTTP server with the metrics of a workload. */
export interface Candidate {
  url: string;
  /** Requests that it answered, its metrics aside. */
  answers(): number;
  /** Decides what the nth request from now on gets. @default - 200 at once */
  behave(how?: (request: number) => { status?: number; milliseconds?: number }): void;
  close(): Promise<void>;
}

export async function startCandidate(): Promise<Candidate> {
  const statuses = new Map<number, number>();
  const times: number[] = [];
  let behaviour: Parameters<Candidate["behave"]>[0];
  let begun = 0;
  const metrics = () => {
    const below = (bound: number) => times.filter(time => time <= bound).length;
    return [
      ...[...statuses].map(([status, count]) => `http_requests_total{method="GET",path="/",status="${status}"} ${count}`),
      ...BOUNDS.map(bound => `http_request_duration_seconds_bucket{method="GET",path="/",le="${bound}"} ${below(bound)}`),
      `http_request_duration_seconds_bucket{method="GET",path="/",le="+Inf"} ${times.length}`,
      "",
    ].join("\n");
  };
  const server = createServer((request, response) => {
    if (request.url === "/metrics") return void response.setHeader("Content-Type", "text/plain; version=0.0.4").end(metrics());
    const { status = 200, milliseconds = 0 } = behaviour?.(++begun) ?? {};
    setTimeout(() => {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      times.push(milliseconds / 1000);
      response.writeHead(status).end();
    }, milliseconds);
  });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers: () => times.length,
    behave(how) {
      behaviour = how;
      begun = 0;
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
