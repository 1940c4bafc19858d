import { randomBytes } from "node:crypto";
import { objectStoreCommand, objectStorePaths, ACCESS_KEY } from "../../components/object-store-command";
import { plannedService, sidecarOf } from "../backups/face";
import { type Restored, answers, failOnExit, lastWords, restoredBackup } from "../backups/program";
import type { OpenVault } from "../backups/open-vault";
import type { Context } from "../context";
import { execIn } from "../exec";
import { CommandFailure } from "../exit";
import { type OneOff, runOneOff, withOneOff } from "../one-off";
import type { StackPlan } from "../project";
import { selfSigned } from "./certificate";
import { vaultOneOff } from "./one-offs";
import { BESIDE, type Target } from "./targets";

type Docked = Pick<Context, "docker" | "stack" | "signal">;

/** Everything that a restore beside the live data needs. */
export interface Beside {
  plan: StackPlan;
  vault: OpenVault;
  target: Target;
  /** Volume that is restored into. */
  volume: string;
  /** Folder inside the mounted volume that is restored into. */
  folder: string;
  /** Moment to go back to; for the database alone. */
  to?: Date;
  /** A certain backup; the newest that is whole when absent. */
  id?: string;
  note(line: string): void;
}

/** Restores a target's data beside the live data, verified against the manifest. Nothing of the live data is touched. */
export async function restoreBeside(context: Docked, beside: Beside): Promise<Restored> {
  const { target } = beside;
  if (target.kind === "object-store") return intoTemporaryStore(context, beside);
  const command = target.kind === "database" ? databaseCommand(beside) : ["restore-redis", "--dir", beside.folder, ...chosen(beside)];
  return run(context, beside, command, {
    user: target.user,
    volumes: { [beside.volume]: target.volume.path },
    // The program, and beside it a server that holds the restored data within the service's own limit.
    memory: sidecarOf(beside.plan).memory + plannedService(beside.plan, target.service).memory,
    ...(target.kind === "database" ? { sharedMemory: SHARED_MEMORY } : {}),
  });
}

/** MiB of /dev/shm for the temporary server's parallel queries. */
const SHARED_MEMORY = 256;

function databaseCommand({ folder, to, id }: Beside): string[] {
  return ["restore-database", "--pgdata", folder, ...(to ? ["--to", to.toISOString()] : []), ...(id ? ["--id", id] : [])];
}

const chosen = ({ id }: Beside): string[] => (id ? ["--id", id] : []);

async function run(context: Docked, { plan, vault, target, note }: Beside, command: string[], change: Partial<OneOff>): Promise<Restored> {
  const said: string[] = [];
  const { code, lines } = await runOneOff(
    context.docker,
    context.stack,
    vaultOneOff(plan, vault, `restore-${target.service}`, command, change),
    line => {
      said.push(line);
      note(line);
    },
    context.signal,
  );
  failOnExit(`restore of ${target.service}`, code, lastWords([...lines, ...said]));
  return answers(`restore of ${target.service}`, restoredBackup, lines)[0];
}

/** An object store keeps its files in its own way: only one of its kind can write them. */
async function intoTemporaryStore(context: Docked, beside: Beside): Promise<Restored> {
  const { plan, vault, target, folder, volume } = beside;
  const service = plannedService(plan, target.service);
  const host = `${service.container}-${BESIDE}`;
  const tls = await selfSigned(host);
  const secretKey = randomBytes(24).toString("hex");
  const server: OneOff = {
    name: host,
    image: service.image,
    entrypoint: ["sh", "-c"],
    command: [objectStoreCommand(PORT, folder)],
    user: target.user,
    // Docker answers for the container's name there.
    network: vault.network,
    volumes: { [volume]: target.volume.path },
    files: [
      { path: objectStorePaths.certificate, content: tls.certificate },
      { path: objectStorePaths.key, content: tls.key, secret: true },
      { path: objectStorePaths.secretKey, content: secretKey, secret: true },
    ],
    memory: service.memory,
  };
  const [ca, file] = ["/etc/ssl/ultrathink/restore-ca.crt", "/run/secrets/restore-credentials"];
  const command = ["restore-artifacts", "--endpoint", `https://${host}:${PORT}`, "--ca", ca, "--credentials", file, ...chosen(beside)];
  return withOneOff(context.docker, context.stack, server, context.signal, async () => {
    await answering(context, host);
    return run(context, beside, command, {
      files: [
        { path: ca, content: tls.certificate },
        { path: file, content: `[default]\naws_access_key_id = ${ACCESS_KEY}\naws_secret_access_key = ${secretKey}\n`, secret: true },
      ],
    });
  });
}

const PORT = 9000;

async function answering({ docker, signal }: Docked, host: string): Promise<void> {
  const ask = ["wget", "-q", "--no-check-certificate", "-O", "/dev/null", `https://localhost:${PORT}/health`];
  for (const end = Date.now() + START_MS; ;) {
    const { code, stderr } = await execIn(docker, host, ask);
    if (code === 0 || signal.aborted) return;
    if (Date.now() > end) throw new CommandFailure("failed", `${host} does not answer within ${START_MS / 1000} s: ${stderr}`);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

/** Longest start of the temporary object store. */
const START_MS = 30_000;
