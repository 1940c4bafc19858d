import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { get } from "node:https";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, KubeConfig, KubernetesObjectApi, loadAllYaml, type KubernetesObject } from "@kubernetes/client-node";
import { untilParentEnds } from "../child";
import { prepareControlPlane, type Command, type ControlPlane, type Forwards } from "./control-plane";
import { nodes } from "./nodes";
import type { Programs } from "./programs";
import { provisionVolumes, storageClass } from "./storage";

/** Longest start that is still in order, in seconds. */
const PATIENCE = 120;

const say = (line: string) => console.error(line);
const folder = mkdtempSync(join(tmpdir(), "ultrathink-cluster-"));
const running = new Set<ChildProcess>();
let ending = false;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts a program of the cluster; when it ends before the cluster does, so does everything. */
function start({ name, program, args }: Command): void {
  const log = join(folder, `${name}.log`);
  const output = openSync(log, "a", 0o600);
  const child = spawn(program, args, { stdio: ["ignore", output, output] });
  closeSync(output);
  running.add(child);
  const ended = (why: string) => {
    running.delete(child);
    if (ending) return;
    say(`${name} ${why}; it said last:\n${readFileSync(log, "utf8").split("\n").slice(-20).join("\n")}`);
    void end().finally(() => process.exit(1));
  };
  child.on("error", error => ended(`cannot be started: ${error.message}`));
  child.on("exit", code => ended(`ended with ${code}`));
}

/** Ends every program and leaves nothing behind. */
async function end(): Promise<void> {
  ending = true;
  await Promise.all(
    [...running].map(child => {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      return ended;
    }),
  );
  rmSync(folder, { recursive: true, force: true });
}

/** Waits for a condition. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + PATIENCE * 1000; !(await holds().catch(() => false)); await sleep(100)) {
    if (Date.now() > deadline) throw new Error(`the sandbox's cluster: not within ${PATIENCE} s: ${what}`);
  }
}

/** Whether the API server takes requests, as it says itself. */
function answers({ url, token, authority }: ControlPlane): Promise<boolean> {
  return new Promise(resolve => {
    get(`${url}/readyz`, { ca: readFileSync(authority), headers: { authorization: `Bearer ${token}` } }, response => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on("error", () => resolve(false));
  });
}

async function main(programs: Programs, forwards: Forwards): Promise<void> {
  const plane = prepareControlPlane(programs, folder, { port: await freePort(), kubeletPort: await freePort() }, forwards);
  plane.server.forEach(start);
  await until("an answer of the API server", async () => answers(plane));
  const config = new KubeConfig();
  config.loadFromFile(plane.kubeconfig);
  const objects = KubernetesObjectApi.makeApiClient(config);
  const definitions = readdirSync(programs.definitions).flatMap(
    name => loadAllYaml(readFileSync(join(programs.definitions, name), "utf8")) as KubernetesObject[],
  );
  for (const object of [storageClass, ...definitions, ...nodes]) await objects.create(object);
  await provisionVolumes(config, say);
  plane.workers.forEach(start);
  const core = config.makeApiClient(CoreV1Api);
  await until("every node ready", async () => {
    const { items } = await core.listNode();
    // A new node is tainted until its controller has seen it ready.
    return items.every(({ spec }) => !spec?.taints?.some(({ key }) => key === "node.kubernetes.io/not-ready"));
  });
  console.log(plane.kubeconfig);
}

/** Entry point of the cluster's process: prints the path of its kubeconfig when everything answers. */
untilParentEnds(end);
main(JSON.parse(process.argv[2]!) as Programs, JSON.parse(process.argv[3]!) as Forwards).catch((error: Error) => {
  say(error.message);
  void end().finally(() => process.exit(1));
});
