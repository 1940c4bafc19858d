import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startCluster } from "../../sandbox/cluster/start";
import { ultrathink } from "../../systems/ultrathink";
import { startCandidate, type Candidate } from "../ops/release/support/candidate";
import { startPrometheus } from "../ops/release/support/prometheus";
import { root as checkout } from "./harness/paths";
import { run, type Outcome } from "./harness/shell";
import { Api, changed } from "./release/api";

jest.setTimeout(15 * 60_000);

const STACK = "release";
const SERVICE = "risk-manager";
const PORT = ultrathink.services[SERVICE]!.port!;
const image = (version: string) => `registry.example/risk-manager:${version}`;
const CONFIG = `# Production's shape, without the vault.
config:
  ultrathink-infrastructure:backend: kubernetes
  ultrathink-infrastructure:kubeContext: sandbox
  ultrathink-infrastructure:storageClass: gp3
  # What makes the backups is tested with the vault.
  ultrathink-infrastructure:leaveOut:
    backup: this stack has no vault
`;
/** Longest time from the command to its end, in seconds. */
const SWITCH_SECONDS = 30;

let cluster: Awaited<ReturnType<typeof startCluster>>;
let prometheus: Awaited<ReturnType<typeof startPrometheus>>;
let candidate: Candidate;
let api: Api;
let root: string;

const file = () => readFileSync(join(root, `Pulumi.${STACK}.yaml`), "utf8");
const selected = async () => ((await api.service(SERVICE)).spec.selector as Record<string, string>).version;
const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

async function ops(command: string, { rollbackSeconds = 900 } = {}): Promise<Outcome & { seconds: number; text: string }> {
  const settings = {
    root,
    gate: { periodSeconds: 2, requestsPerSecond: 30 },
    rollbackSeconds,
  };
  const main = join(checkout, "test/e2e/release/main.ts");
  const began = performance.now();
  const outcome = await run(`node --import tsx ${main} ${quote(JSON.stringify(settings))} ${command} --stack ${STACK}`, {
    seconds: 600,
    env: { KUBECONFIG: cluster.kubeconfig },
  });
  return { ...outcome, seconds: (performance.now() - began) / 1000, text: `${outcome.stdout}${outcome.stderr}` };
}

async function opsOk(command: string, options?: { rollbackSeconds?: number }) {
  const outcome = await ops(command, options);
  if (outcome.code !== 0) throw new Error(`${command} ended with ${outcome.code}\n${outcome.text}`);
  return outcome;
}

/** Runs a command and names every object of the stack that is another after it. */
async function touches(command: string) {
  const before = await api.versions();
  const outcome = await opsOk(command);
  return { ...outcome, objects: changed(before, await api.versions()) };
}

beforeAll(async () => {
  mkdirSync(join(checkout, ".state"), { recursive: true });
  root = mkdtempSync(join(checkout, ".state", "t-release-"));
  cpSync(join(checkout, "test/ops/support/pack"), join(root, "policies"), { recursive: true });
  cpSync(join(checkout, "Pulumi.yaml"), join(root, "Pulumi.yaml"));
  writeFileSync(join(root, `Pulumi.${STACK}.yaml`), CONFIG);
  candidate = await startCandidate();
  prometheus = await startPrometheus([{ url: candidate.url, labels: { service: SERVICE, instance: `${SERVICE}-next-6d4cf56db6-x2x7k` } }]);
  // Simulated pods run no server: behind their ports is the test's, and a real Prometheus that reads it.
  const port = (url: string) => Number(new URL(url).port);
  cluster = await startCluster(line => process.stderr.write(`${line}\n`), { [PORT]: port(candidate.url), 9090: port(prometheus.url) });
  api = new Api(cluster.kubeconfig);
  await opsOk("up");
});
afterAll(async () => {
  await prometheus?.end();
  await candidate?.close();
  await cluster?.stop();
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => candidate.behave());

describe("a release on the real API", () => {
  it("is refused before anything is made, and leaves the stack's file as it was", async () => {
    const before = await api.versions();
    const same = await ops(`release ${SERVICE} other.example/risk-manager:0.1.0`);
    expect(same.text).toMatch(
      /releases\.risk-manager\.candidate: "other\.example\/risk-manager:0\.1\.0" has the version of ultrathink\/workloads:0\.1\.0/,
    );
    expect([same.code, (await ops(`release redis ${image("0.2.0")}`)).code, (await ops(`release ${SERVICE} untagged`)).code]).toEqual([2, 2, 2]);
    expect(file()).toBe(CONFIG);
    expect(changed(before, await api.versions())).toEqual([]);
  });

  it("stops at a gate that is shut: the candidate stands there, and clients get what they got", async () => {
    candidate.behave(request => ({ status: request > 10 && request % 20 === 0 ? 500 : 200 }));
    const { code, text } = await ops(`release ${SERVICE} ${image("0.2.0")}`);
    expect(text).toMatch(
      /The gate is shut:\n {2}- \d+ of 60 requests were not answered with 200[^]*- 5xx: [\d.]+ % of the answers, and the limit is 0\.1 %/,
    );
    expect(code).toBe(9);
    expect(await selected()).toBe("0.1.0");
    const names = (await api.deployments()).map(({ metadata }) => metadata.name);
    expect(names).toEqual(expect.arrayContaining([SERVICE, `${SERVICE}-next`]));
    expect(file()).toContain(`candidate: ${image("0.2.0")}\n      live: 0.1.0\n`);
  });

  it("goes on where it stopped when it is run again, through the gate to the switch, which touches the Service alone", async () => {
    const { text, objects, seconds } = await touches(`release ${SERVICE} ${image("0.2.0")}`);
    expect(text).toMatch(/\d+ requests measured, 0 % of them 5xx, p95 \d+ ms/);
    expect(text).toMatch(/risk-manager: clients get 0\.2\.0, after [\d.]+s; changed: risk-manager \(kubernetes:core\/v1:Service\)\n/);
    expect(objects).toEqual([`services ultrathink/${SERVICE}`]);
    expect(await selected()).toBe("0.2.0");
    console.log(`release of a candidate that stands there, gate of 2 s included: ${seconds.toFixed(1)} s`);
  });

  it("keeps the version before within the rollback window", async () => {
    const { code, text } = await ops(`release ${SERVICE} --finish`);
    expect(text).toMatch(/clients have had 0\.2\.0 since .*, and 0\.1\.0 is kept for 15m00s/);
    expect(code).toBe(9);
    expect((await ops(`release ${SERVICE} ${image("0.3.0")}`)).code).toBe(9);
  });

  it("rolls back in one update that touches the Service alone, in less than 30 s", async () => {
    const { text, objects, seconds } = await touches(`rollback ${SERVICE}`);
    expect(text).toMatch(/clients get 0\.1\.0, after [\d.]+s; changed: risk-manager \(kubernetes:core\/v1:Service\)\n/);
    expect(objects).toEqual([`services ultrathink/${SERVICE}`]);
    expect(await selected()).toBe("0.1.0");
    expect(seconds).toBeLessThan(SWITCH_SECONDS);
    console.log(`rollback, from the command to its end: ${seconds.toFixed(1)} s`);
    expect((await touches(`rollback ${SERVICE}`)).objects).toEqual([]);
  });

  it("switches by config and a plain update too, which touches the Service alone", async () => {
    writeFileSync(join(root, `Pulumi.${STACK}.yaml`), file().replace("live: 0.1.0", "live: 0.2.0"));
    const { objects } = await touches("up");
    expect(objects).toEqual([`services ultrathink/${SERVICE}`]);
    expect(await selected()).toBe("0.2.0");
  });

  it("keeps the runbook's kubectl patch, says so at the next up, and can go back from it", async () => {
    await api.patchService(SERVICE, { spec: { selector: { version: "0.1.0" } } });
    const { text, objects } = await touches("up");
    expect(text).toContain(`Service ${SERVICE} was switched from 0.2.0 to 0.1.0 by hand: kept, and written into the stack's file`);
    expect(await selected()).toBe("0.1.0");
    expect(file()).toContain("live: 0.1.0\n");
    expect(objects.filter(name => name !== `services ultrathink/${SERVICE}`)).toEqual([]);
    // The patch is the field's owner: the next switch must win over it.
    await opsOk(`release ${SERVICE} ${image("0.2.0")}`);
    expect(await selected()).toBe("0.2.0");
  });

  it("stops an up at a patch to a version that nothing runs, and rollback mends it", async () => {
    await api.patchService(SERVICE, { spec: { selector: { version: "9.9.9" } } });
    const { code, text } = await ops("up");
    expect(text).toContain("by hand, which nothing runs: clients get no answer");
    expect(code).toBe(3);
    expect((await ops("releases")).text).toMatch(/risk-manager +9\.9\.9, and the stack's file says 0\.2\.0/);
    expect((await touches(`rollback ${SERVICE}`)).objects).toEqual([`services ultrathink/${SERVICE}`]);
    expect(await selected()).toBe("0.1.0");
  });

  it("takes the switch back by itself when clients are not answered after it", async () => {
    // Smoke test of two pods and gate pass; what is asked after them does not.
    candidate.behave(request => ({ status: request > 62 ? 503 : 200 }));
    const { code, text } = await ops(`release ${SERVICE} ${image("0.2.0")}`);
    expect(text).toContain("did not answer after the switch: 503. Clients get 0.1.0 again.");
    expect(code).toBe(9);
    expect(await selected()).toBe("0.1.0");
  });

  it("is finished by the version that clients get: no client notices, and nothing of the candidate is left", async () => {
    await opsOk(`release ${SERVICE} ${image("0.2.0")}`);
    const { text } = await opsOk(`release ${SERVICE} --finish`, { rollbackSeconds: 0 });
    expect(text).toContain(`${SERVICE} runs 0.2.0; 0.1.0 is gone.`);
    expect(await selected()).toBe("0.2.0");
    const deployments = await api.deployments();
    expect(deployments.map(({ metadata }) => metadata.name)).not.toContain(`${SERVICE}-next`);
    expect(JSON.stringify(deployments.find(({ metadata }) => metadata.name === SERVICE)!.spec)).toContain(image("0.2.0"));
    expect(file()).toBe(`${CONFIG}  ultrathink-infrastructure:images:\n    ${SERVICE}: ${image("0.2.0")}\n`);
    expect((await touches("up")).objects).toEqual([]);
  });

  it("lists what clients get, since when, and all that was released", async () => {
    const { stdout } = await opsOk("releases");
    expect(stdout).toMatch(/risk-manager +0\.2\.0 +2\d{3}-\S+Z/);
    expect(stdout).toMatch(/risk-manager +registry\.example\/risk-manager:0\.2\.0 is the one that runs/);
    expect(stdout).toMatch(/risk-manager +clients switched from 0\.2\.0 to 0\.1\.0/);
    expect(stdout).toMatch(/risk-manager +registry\.example\/risk-manager:0\.2\.0 beside ultrathink\/workloads:0\.1\.0/);
  });

  it("rolls back after its end too, by releasing the version before", async () => {
    const { text } = await opsOk(`rollback ${SERVICE}`);
    expect(text).toContain("ultrathink/workloads:0.1.0 ran before and is released again");
    expect(await selected()).toBe("0.1.0");
  });

  it("asks every released service in a smoke test, and a given address", async () => {
    expect((await opsOk(`smoke ${SERVICE}`)).stdout).toMatch(/risk-manager +http:\/\/127\.0\.0\.1:\d+\/health +200/);
    candidate.behave(() => ({ status: 503 }));
    const { code, text } = await ops(`smoke ${SERVICE} --url ${candidate.url}`);
    expect([code, /\/health +503/.test(text)]).toEqual([3, true]);
  });
});
