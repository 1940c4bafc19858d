import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Probes } from "../../../components/backends/docker/ready";
import { labels } from "../../../ops/docker";
import type { Project, VaultProject } from "../../../ops/project";
import { IMAGE } from "../../sandbox/support/image";

export const PREFIX = "t-ops-";
export const STACK = "tops";
/** What the program uploads as a secret, found again by tests that look for leaks. */
export const LOG_LINE = "serving pages";

const marks = (service: string) => [
  { label: "dev.ultrathink.startup", value: "3s" },
  { label: labels.stack, value: STACK },
  { label: labels.service, value: service },
];

/** Two services, `worker` after `web`, and a data volume: the smallest stack that has everything the operations deal with. */
export const stub: Project = {
  program() {
    const config = new pulumi.Config("t-ops");
    const memory = config.getNumber("memory") ?? 32;
    const fails = config.getBoolean("webFails") ?? false;
    const network = new docker.Network("network", { name: `${PREFIX}network`, labels: marks("network") });
    const volume = new docker.Volume("data", { name: `${PREFIX}data`, labels: marks("web") }, { protect: true, retainOnDelete: true });
    const password = new random.RandomPassword("password", { length: 32, special: false });
    const common = {
      image: IMAGE,
      networksAdvanced: [{ name: network.name }],
      memory,
      memorySwap: memory,
      logDriver: "json-file",
      logOpts: { "max-size": "1m", "max-file": "1" },
      destroyGraceSeconds: 1,
      restart: "unless-stopped",
      mustRun: true,
    };
    const start = config.getNumber("startSeconds") ?? 0;
    const web = new docker.Container("web", {
      ...common,
      name: `${PREFIX}web`,
      labels: marks("web"),
      command: [
        "sh",
        "-c",
        fails
          ? "echo cannot open the page file; exec sleep 1000"
          : `echo ${LOG_LINE}; cat /secret; echo; sleep ${start}; exec httpd -f -p 8080 -h /tmp`,
      ],
      uploads: [
        { file: "/secret", content: password.result },
        { file: "/tmp/index.html", content: "ok" },
      ],
      volumes: [{ volumeName: volume.name, containerPath: "/data" }],
      healthcheck: { tests: ["CMD", "wget", "-qO-", "http://127.0.0.1:8080/"], interval: "1s", timeout: "1s", startPeriod: "0s", retries: 2 },
      wait: true,
      waitTimeout: fails ? 3 : 60,
    });
    const probes = new Probes();
    const worker = new docker.Container(
      "worker",
      {
        ...common,
        name: `${PREFIX}worker`,
        labels: marks("worker"),
        command: ["sh", "-c", "echo nothing to do; exec sleep 1000"],
        healthcheck: { tests: ["CMD", "sh", "-c", config.getBoolean("workerFails") ? "exit 1" : "exit 0"], interval: "1h0m0s", timeout: "1s" },
      },
      { dependsOn: probes.ready(web), replaceOnChanges: ["healthcheck"], deleteBeforeReplace: true },
    );
    void probes.ready(worker);
    return probes.all().then(() => ({ addresses: { web: "127.0.0.1:8080" }, leftOut: config.getObject("leaveOut") ?? {}, clamped: {} }));
  },
  composeProgram: () => () => {
    const password = new random.RandomPassword("password", { length: 32, special: false });
    const web = {
      image: IMAGE,
      container_name: `${PREFIX}web`,
      labels: Object.fromEntries(marks("web").map(({ label, value }) => [label, value])),
      user: "1000",
      group_add: ["0"],
      command: ["sleep", "1000"],
      volumes: ["./files/web/secret:/secret:ro", "data:/data"],
      // Its user must be able to read the mounted secret.
      healthcheck: { test: ["CMD", "test", "-r", "/secret"], interval: "1s", timeout: "1s", retries: 5 },
    };
    const file = JSON.stringify({ services: { web }, volumes: { data: { name: `${PREFIX}data` } } });
    return Promise.resolve({
      compose: pulumi.secret(password.result.apply(content => ({ file, files: [{ path: "files/web/secret", content, mode: 0o440 }] }))),
    });
  },
  grownProgram: () => stub.program,
  render: (_, stack) => Promise.resolve([{ path: `objects/${stack}.yaml`, content: "kind: Nothing\n" }]),
  restoreFiles: () => [],
  plan: settings => {
    const leaveOut = (settings.leaveOut ?? {}) as Record<string, string>;
    const service = (name: string, needs: string[]) => ({
      name,
      container: `${PREFIX}${name}`,
      controller: name,
      image: IMAGE,
      cpu: 1,
      memory: 32,
      reserved: 16,
      ports: [],
      needs,
      job: false,
      ...(leaveOut[name] ? { leftOut: leaveOut[name] } : {}),
    });
    if ("unknown" in settings) throw new Error("unknown is not a key");
    return {
      system: "stub",
      backend: "docker",
      bindAddress: "127.0.0.1",
      disposable: settings.disposable === true,
      clampCpus: true,
      gpuDevices: [],
      services: [service("web", []), service("worker", ["web"]), ...("extra" in leaveOut ? [service("extra", [])] : [])],
      volumes: [],
      backups: undefined,
      cluster: undefined,
      releases: undefined,
      recovery: undefined,
    };
  },
};

/** A vault with one container, whose memory its config names. */
export const stubVault: VaultProject = {
  program: () => {
    new docker.Container("vault", { image: IMAGE, memory: new pulumi.Config("t-ops-vault").requireNumber("memory") });
    return Promise.resolve({});
  },
  plan: () => ({ provider: "docker", disposable: true, bindAddress: "127.0.0.1", ports: [], images: {}, documents: {} }),
};

/** A checkout of the stub project: inside the repository, because its policy pack resolves the libraries from there. */
export function makeRoot(settings: Record<string, unknown>): {
  root: string;
  configure(settings: Record<string, unknown>): void;
  configureVault(memory: number): void;
  removeVault(): void;
  end(): void;
} {
  const state = join(__dirname, "..", "..", "..", ".state");
  mkdirSync(state, { recursive: true });
  const root = mkdtempSync(join(state, "t-ops-"));
  cpSync(join(__dirname, "pack"), join(root, "policies"), { recursive: true });
  writeFileSync(join(root, "Pulumi.yaml"), "name: t-ops\nruntime: nodejs\nmain: index.ts\n");
  const configure = (values: Record<string, unknown>) =>
    writeFileSync(
      join(root, `Pulumi.${STACK}.yaml`),
      JSON.stringify({ config: Object.fromEntries(Object.entries(values).map(([key, value]) => [`t-ops:${key}`, value])) }),
    );
  configure(settings);
  const configureVault = (memory: number) => {
    mkdirSync(join(root, "vault"), { recursive: true });
    writeFileSync(join(root, "vault", "Pulumi.yaml"), "name: t-ops-vault\nruntime: nodejs\nmain: index.ts\n");
    writeFileSync(join(root, "vault", `Pulumi.${STACK}.yaml`), JSON.stringify({ config: { "t-ops-vault:memory": memory } }));
  };
  const removeVault = () => {
    for (const path of ["vault", ".state/vaults", ".state/backend/.pulumi/stacks/t-ops-vault"])
      rmSync(join(root, path), { recursive: true, force: true });
  };
  return { root, configure, configureVault, removeVault, end: () => rmSync(root, { recursive: true, force: true }) };
}
