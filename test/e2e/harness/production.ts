import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppsV1Api, AutoscalingV2Api, BatchV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import * as pulumi from "@pulumi/pulumi";
import { parse, stringify } from "yaml";
import { startCluster } from "../../../sandbox/cluster/start";
import { buildEngine } from "../../../sandbox/engine/build";
import { root } from "./paths";
import type { Outcome } from "./shell";
import { ops } from "./stack";

/** Name of the throw-away stack; a real production may be known to this checkout too. */
export const STACK = "e2e-prod";
/** Services' namespace, then the node agents'. */
export const NAMESPACES = ["ultrathink", "ultrathink-node"];

const stackFile = join(root, `Pulumi.${STACK}.yaml`);
const say = (line: string) => process.stderr.write(`${line}\n`);

/** Production's own config on the sandbox's cluster: all that differs is where the state lies, which cluster it is, and that it may be deleted. */
function writeStackFile(): void {
  const namespace = "ultrathink-infrastructure";
  const { config } = parse(readFileSync(join(root, "Pulumi.prod.yaml"), "utf8")) as { config: Record<string, unknown> };
  const own = Object.fromEntries(Object.entries(config).filter(([key]) => ![`${namespace}:stateUrl`, `${namespace}:vault`].includes(key)));
  writeFileSync(stackFile, stringify({ config: { ...own, [`${namespace}:kubeContext`]: "sandbox", [`${namespace}:disposable`]: true } }));
}

/** What the vault's stack would tell production: no pod here reaches a vault, and none has to. */
async function tellOfVault(): Promise<void> {
  const outputs = {
    authority: "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
    endpoint: "https://s3.us-east-1.amazonaws.com",
    buckets: { locked: `ultrathink-backups-${STACK}`, unlocked: `ultrathink-backups-recent-${STACK}` },
    writer: pulumi.secret({ accessKey: "nobody", secretKey: "nothing", roleArn: "arn:aws:iam::123456789012:role/ultrathink-backup-writer" }),
    cipherPassphrase: pulumi.secret("nothing"),
    manifestKey: pulumi.secret("nothing"),
  };
  const { root: engine } = await buildEngine(say);
  const state = join(root, ".state");
  const workDir = mkdtempSync(join(tmpdir(), "ultrathink-e2e-"));
  try {
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: STACK, projectName: "ultrathink-vault", program: () => Promise.resolve(outputs) },
      {
        workDir,
        pulumiCommand: await PulumiCommand.get({ root: engine }),
        envVars: { PULUMI_BACKEND_URL: `file://${join(state, "backend")}`, PULUMI_CONFIG_PASSPHRASE_FILE: join(state, "passphrase") },
      },
    );
    await stack.up();
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}

export interface Production {
  /** Runs one of the project's own commands on the stack. */
  ops(command: string, seconds?: number): Promise<Outcome>;
  env: Record<string, string>;
  core: CoreV1Api;
  apps: AppsV1Api;
  autoscaling: AutoscalingV2Api;
  batch: BatchV1Api;
  end(): Promise<void>;
}

/** A cluster of its own, and production's config on it; nothing is up yet. */
export async function prepareProduction(): Promise<Production> {
  writeStackFile();
  // A first preview needs neither a cluster nor a vault, and makes the passphrase of the state.
  const first = await ops(`preview --stack ${STACK}`, { env: { KUBECONFIG: "/dev/null" } });
  if (first.code !== 0) throw new Error(`preview without a cluster ended with ${first.code}\n${first.stdout}\n${first.stderr}`);
  await tellOfVault();
  const cluster = await startCluster(say);
  const env = { KUBECONFIG: cluster.kubeconfig };
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  return {
    env,
    ops: (command, seconds = 600) => ops(`${command} --stack ${STACK}`, { env, seconds }),
    core: config.makeApiClient(CoreV1Api),
    apps: config.makeApiClient(AppsV1Api),
    autoscaling: config.makeApiClient(AutoscalingV2Api),
    batch: config.makeApiClient(BatchV1Api),
    async end() {
      await cluster.stop();
      rmSync(stackFile, { force: true });
      const stacks = join(root, ".state", "backend", ".pulumi", "stacks");
      for (const project of ["ultrathink-infrastructure", "ultrathink-vault"]) {
        for (const suffix of ["", ".bak", ".attrs", ".attrs.bak"]) rmSync(join(stacks, project, `${STACK}.json${suffix}`), { force: true });
      }
      rmSync(join(root, ".state", STACK), { recursive: true, force: true });
    },
  };
}
