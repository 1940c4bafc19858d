import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiServer } from "../../../../sandbox/providers/kubernetes/api-server";
import { warningsIn } from "../../../../sandbox/providers/kubernetes/connection";

// The client's library is transformed when it is first loaded.
jest.setTimeout(60_000);

const saved = { ...process.env };
const manifest = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "n" }, data: { x: "1" } };

/** What the server was asked: method, path, media type, body. */
let asked: [string, string, string | undefined, string][];
/** What it answers to a method, or the first of several answers. */
let answers: Record<string, { status: number; body: object; warning?: string }[]>;
let folder: string;
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "t-api-server-"));
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const files = ["-keyout", join(folder, "key"), "-out", join(folder, "certificate")];
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", ...subject, ...files], {
    stdio: "pipe",
  });
  const [key, cert] = ["key", "certificate"].map(name => readFileSync(join(folder, name)));
  server = createServer({ key, cert }, (request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      asked.push([request.method!, request.url!, request.headers["content-type"], body]);
      const left = answers[request.method!] ?? [];
      const answer = (left.length > 1 ? left.shift() : left[0]) ?? { status: 404, body: { message: "not found" } };
      response.writeHead(answer.status, answer.warning ? { warning: answer.warning } : {}).end(JSON.stringify(answer.body));
    });
  }).listen(0, "127.0.0.1");
  await new Promise(resolve => server.on("listening", resolve));
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.KUBECONFIG = join(folder, "config");
  const config = {
    clusters: [{ name: "c", cluster: { server: address, "certificate-authority": join(folder, "certificate") } }],
    users: [{ name: "u", user: { token: "only a test" } }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    "current-context": "c",
  };
  writeFileSync(process.env.KUBECONFIG, JSON.stringify(config));
});
beforeEach(() => {
  asked = [];
  answers = {};
});
afterAll(async () => {
  process.env = { ...saved };
  await new Promise(resolve => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const PATH = "/api/v1/namespaces/n/configmaps/a";
const never = new AbortController().signal;

test("an object is made by server-side apply, and what the server warns of is passed on", async () => {
  answers.PATCH = [{ status: 201, body: { ...manifest, status: {} }, warning: '299 - "a \\"word\\"", 299 - "another"' }];
  const said: string[] = [];
  expect(await new ApiServer(line => said.push(line)).apply(manifest, "create")).toEqual({ ...manifest, status: {} });
  expect(asked[1]!.slice(0, 3)).toEqual([
    "PATCH",
    `${PATH}?fieldManager=pulumi-kubernetes&force=false&fieldValidation=Warn`,
    "application/apply-patch+yaml",
  ]);
  expect(said).toEqual(['kubernetes: ConfigMap n/a: warning: a "word"', "kubernetes: ConfigMap n/a: warning: another"]);
  expect(warningsIn(undefined)).toEqual([]);
});

test("an object that is there is not made again", async () => {
  answers.GET = [{ status: 200, body: manifest }];
  await expect(new ApiServer(() => undefined).apply(manifest, "create")).rejects.toThrow("ConfigMap n/a is there already, and not this stack's");
  expect(asked.map(([method]) => method)).toEqual(["GET"]);
});

test("fields of others are taken only where the provider says so, and the server's refusal is told", async () => {
  answers.PATCH = [{ status: 409, body: { message: "conflict with kubectl" } }];
  const cluster = new ApiServer(() => undefined);
  await expect(cluster.apply(manifest, "update")).rejects.toThrow("conflict with kubectl");
  cluster.configure({ enablePatchForce: "true" });
  await expect(cluster.apply(manifest, "update")).rejects.toThrow("conflict with kubectl");
  expect(asked.map(([, path]) => /force=(\w+)/.exec(path)![1])).toEqual(["false", "true"]);
});

test("an object goes with what it owns, and its end is waited for", async () => {
  const live = { ...manifest, metadata: { ...manifest.metadata, uid: "1" } };
  answers.GET = [
    { status: 200, body: live },
    { status: 200, body: live },
    { status: 404, body: { message: "not found" } },
  ];
  answers.DELETE = [{ status: 200, body: {} }];
  await new ApiServer(() => undefined).remove({ ...manifest, ...manifest.metadata }, never);
  expect(asked.map(([method]) => method)).toEqual(["GET", "DELETE", "GET", "GET"]);
  expect(JSON.parse(asked[1]![3])).toEqual({ propagationPolicy: "Foreground", preconditions: { uid: "1" } });
});

test("a wait ends when the object is ready, and at once when the engine cancels", async () => {
  const job = (status: object) => ({ status: 200, body: { apiVersion: "batch/v1", kind: "Job", metadata: { name: "j", namespace: "n" }, status } });
  const reference = { apiVersion: "batch/v1", kind: "Job", namespace: "n", name: "j" };
  answers.GET = [job({}), job({ conditions: [{ type: "Complete", status: "True" }] })];
  await new ApiServer(() => undefined).ready(reference, never);
  expect(asked).toHaveLength(2);
  answers.GET = [job({})];
  const cancelled = new AbortController();
  cancelled.abort(new Error("cancelled by the engine"));
  await expect(new ApiServer(() => undefined).ready(reference, cancelled.signal)).rejects.toThrow("cancelled by the engine");
});

test("a context that is not there is named", async () => {
  const cluster = new ApiServer(() => undefined);
  cluster.configure({ context: "elsewhere" });
  await expect(cluster.get({ ...manifest, ...manifest.metadata })).rejects.toThrow('the kubeconfig has no context "elsewhere": set KUBECONFIG');
});
