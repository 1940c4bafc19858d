import { gateVerdict, type GateArgs } from "../../../ops/release/gate";
import { startCandidate, type Candidate } from "./support/candidate";
import { startPrometheus } from "./support/prometheus";

jest.setTimeout(60_000);

const gate = { periodSeconds: 2, requestsPerSecond: 30, errorPercent: 0.1, p95Milliseconds: 500 };
const REQUESTS = gate.periodSeconds * gate.requestsPerSecond;

let candidate: Candidate;
let stable: Candidate;
let prometheus: Awaited<ReturnType<typeof startPrometheus>>;
beforeAll(async () => {
  [candidate, stable] = await Promise.all([startCandidate(), startCandidate()]);
  const pod = (url: string, instance: string) => ({ url, labels: { service: "data-service", instance } });
  prometheus = await startPrometheus([pod(candidate.url, "data-service-next-6d4cf56db6-x2x7k"), pod(stable.url, "data-service-7c9f8b6d5-p9q8r")]);
});
afterAll(async () => {
  await prometheus?.end();
  await Promise.all([candidate, stable].map(server => server.close()));
});
beforeEach(() => candidate.behave());

const verdict = (rest: Partial<GateArgs> = {}) =>
  gateVerdict({
    service: "data-service",
    deployment: "data-service-next",
    urls: [candidate.url],
    paths: ["/health", "/features"],
    prometheus: prometheus.url,
    releases: { gate, prometheus: { scrapeSeconds: 1 } },
    signal: new AbortController().signal,
    ...rest,
  });

test("it is open to a candidate that answers, every request of which was measured", async () => {
  const before = candidate.answers();
  const { measured, reasons } = await verdict();
  expect(reasons).toEqual([]);
  expect(candidate.answers() - before).toBe(REQUESTS);
  expect(measured.requests).toBe(REQUESTS);
  expect(measured.errorPercent).toBe(0);
});

test("one answer of sixty with 5xx shuts it, and no longer counts the next time", async () => {
  candidate.behave(request => ({ status: request % REQUESTS === 10 ? 503 : 200 }));
  const { measured, reasons } = await verdict();
  expect(measured.errorPercent).toBeCloseTo(100 / REQUESTS, 5);
  expect(reasons).toEqual([
    expect.stringMatching(/^1 of 60 requests were not answered with 200, first \/(health|features): 503$/),
    "5xx: 1.667 % of the answers, and the limit is 0.1 %",
  ]);
  candidate.behave();
  expect((await verdict()).reasons).toEqual([]);
});

test("a candidate that is slow shuts it", async () => {
  candidate.behave(() => ({ milliseconds: 700 }));
  const { measured, reasons } = await verdict();
  expect(measured.p95Milliseconds).toBeGreaterThan(500);
  expect(reasons).toEqual([expect.stringMatching(/^p95: \d+ ms, and the limit is 500 ms$/)]);
});

test("what the version beside it does is not the candidate's", async () => {
  stable.behave(() => ({ status: 500 }));
  const asking = setInterval(() => void fetch(stable.url), 50);
  const { measured, reasons } = await verdict().finally(() => clearInterval(asking));
  expect(stable.answers()).toBeGreaterThan(0);
  expect({ errorPercent: measured.errorPercent, reasons }).toEqual({ errorPercent: 0, reasons: [] });
});

test("a candidate that Prometheus does not read shuts it, whatever it answers", async () => {
  const { reasons } = await verdict({ deployment: "risk-manager-next" });
  expect(reasons).toEqual([
    "Prometheus measured 0 requests of 60: it does not read the candidate's pods",
    "5xx: an unknown share of the answers, and the limit is 0.1 %",
    "p95: not measured, and the limit is 500 ms",
  ]);
});

test("nobody behind an address is no answer", async () => {
  const { reasons } = await verdict({ urls: ["http://127.0.0.1:1"] });
  expect(reasons[0]).toMatch(/^60 of 60 requests were not answered with 200, first \/health: /);
});

test("it ends when the user cancels", async () => {
  const cancel = new AbortController();
  cancel.abort(new Error("cancelled"));
  await expect(verdict({ signal: cancel.signal })).rejects.toThrow("cancelled");
});
