import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type EngineEvent, LocalWorkspace, type PulumiFn, Stack, StackNotFoundError } from "@pulumi/pulumi/automation";
import { CommandFailure } from "./exit";
import { secretsIn } from "./logger";
import type { DeploymentState } from "./orphans";
import type { Prepared } from "./toolchain";
import { isLocal, type PreparedWorkFolder, readStackFile, stateFile, withoutState, writeStackFile } from "./workspace";

export interface OpenStack {
  stack: Stack;
  /** Values that the state marks as secret, decrypted: for masking only. */
  secrets(): Promise<string[]>;
  state(): Promise<DeploymentState>;
  replaceState(change: (state: DeploymentState) => DeploymentState): Promise<void>;
}

/** Whether the stack has a state in this checkout. */
export function stackExists(folder: Pick<PreparedWorkFolder, "backend" | "project">, name: string): boolean {
  return existsSync(stateFile(folder.backend, folder.project, name));
}

/**
 * Whether the stack has a state, wherever that lies.
 * @throws CommandFailure where it cannot be asked for
 */
export async function hasState(name: string, folder: PreparedWorkFolder, program: PulumiFn, prepared: Prepared): Promise<boolean> {
  if (isLocal(folder)) return stackExists(folder, name);
  try {
    await openStack(name, folder, program, prepared, "select");
    return true;
  } catch (error) {
    if (error instanceof StackNotFoundError) return false;
    const why = /^\s*error: (.*)$/m.exec((error as Error).message)?.[1] ?? (error as Error).message;
    throw new CommandFailure(
      "failed",
      `The state of ${name} in ${folder.url} cannot be read: ${why}\nLog in as who may (AWS_PROFILE); where there is no such bucket yet, \`bin/ops bootstrap --stack ${name}\` makes it.`,
    );
  }
}

/**
 * Opens a stack over the Automation API.
 * @param mode `create` makes it when it is missing; `select` ends with StackNotFoundError then
 */
export async function openStack(
  name: string,
  folder: PreparedWorkFolder,
  program: PulumiFn,
  prepared: Prepared,
  mode: "create" | "select",
): Promise<OpenStack> {
  const env = {
    ...prepared.env,
    PULUMI_BACKEND_URL: folder.url,
    PULUMI_CONFIG_PASSPHRASE_FILE: folder.passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  shortenStackTraces();
  const { path: workDir, secretsProvider } = folder;
  const workspace = await LocalWorkspace.create({ workDir, program, envVars: env, pulumiCommand: prepared.pulumiCommand, secretsProvider });
  const stack = mode === "create" ? await Stack.createOrSelect(name, workspace) : await Stack.select(name, workspace);
  return {
    stack,
    async secrets() {
      // The Automation API exports secrets only encrypted.
      const { stdout } = await promisify(execFile)(
        workspace.pulumiCommand.command,
        ["stack", "export", "--show-secrets", "--stack", name, "--non-interactive"],
        {
          cwd: folder.path,
          env: { ...process.env, ...env },
          maxBuffer: 256 * 1024 * 1024,
        },
      );
      return secretsIn(JSON.parse(stdout));
    },
    state: async () => (await stack.exportStack()).deployment as DeploymentState,
    async replaceState(change) {
      const exported = await stack.exportStack();
      await stack.importStack({ ...exported, deployment: change(exported.deployment as DeploymentState) });
    },
  };
}

/**
 * Pulumi's SDK takes a stack trace of every promise, tens of thousands in a preview, and mapping their frames to the sources takes most of a program's
 * time. From here on a trace has few frames, unmapped until somebody reads it as a failure's.
 */
function shortenStackTraces(): void {
  process.setSourceMapsEnabled(false);
  Error.stackTraceLimit = 3;
}

/**
 * Runs `use` on a stack in a backend of its own that is gone afterwards: for previews from an empty state. What it refers to is there too, where it lies
 * in this checkout; neither a state elsewhere nor its key is asked for, so no credentials are.
 */
export async function onEmptyStack<T>(
  name: string,
  folder: PreparedWorkFolder,
  program: PulumiFn,
  prepared: Prepared,
  use: (open: OpenStack) => Promise<T>,
): Promise<T> {
  mkdirSync(folder.path, { recursive: true });
  const path = mkdtempSync(join(folder.path, "empty-"));
  const backend = join(path, "backend");
  try {
    mkdirSync(backend);
    cpSync(join(folder.path, "Pulumi.yaml"), join(path, "Pulumi.yaml"));
    writeStackFile(path, name, withoutState(readStackFile(folder.path, name), folder.project, copyVault(folder, backend)));
    return await use(
      await openStack(name, { ...folder, path, backend, url: `file://${backend}`, secretsProvider: undefined }, program, prepared, "create"),
    );
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

/** Gives another backend the state of the vault that a stack's config names, so that the reference can be resolved there; tells whether it could. */
function copyVault({ backend, project, settings }: PreparedWorkFolder, target: string): boolean {
  const [, vault = project, stack = ""] = String(settings.vault ?? "").split("/");
  if (vault === project || !existsSync(stateFile(backend, vault, stack))) return false;
  // Without its meta file the engine takes a backend for one of an older layout.
  for (const file of [join(backend, ".pulumi", "meta.yaml"), stateFile(backend, vault, stack)]) {
    const copy = file.replace(backend, target);
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(file, copy);
  }
  return true;
}

/** Last part of a URN: the logical name. */
export const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;

/** Type token of a URN's resource, without its parents. */
export const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

export type { EngineEvent };
