import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { CommandFailure } from "./exit";

/** The checkout: the folder with Pulumi.yaml. */
export const checkout = resolve(__dirname, "..");

/** Where a stack keeps what must not lie in the checkout's tracked files. */
export interface WorkFolder {
  /** Copies of Pulumi.yaml and Pulumi.<stack>.yaml, durations and locks of this stack. */
  path: string;
  backend: string;
  /** File with the generated passphrase of the state's secrets. */
  passphrase: string;
}

export function workFolder(stack: string, root = checkout): WorkFolder {
  const state = join(root, ".state");
  return { path: join(state, stack), backend: join(state, "backend"), passphrase: join(state, "passphrase") };
}

/** Stack names that are safe as a folder name and that Pulumi accepts. */
export function checkStackName(stack: string): string {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(stack)) {
    throw new CommandFailure(
      "usage",
      `--stack: "${stack}" is not allowed; use lower-case letters, digits and dashes, beginning with a letter, such as dev`,
    );
  }
  return stack;
}

type StackFile = { config?: Record<string, unknown>; encryptionsalt?: string; secretsprovider?: string; encryptedkey?: string } & Record<
  string,
  unknown
>;

/** Where a stack's state lies, and what encrypts the secrets in it. */
export interface StateLocation {
  /** As `pulumi login` takes it. */
  url: string;
  /** As `pulumi stack init --secrets-provider` takes it. @default - the passphrase of this checkout */
  secretsProvider?: string;
}

/** What the stack's file says about its state, which is also that of its vault: a folder of this checkout, or what `bin/ops bootstrap` made. */
export function stateOf(stack: string, root = checkout): StateLocation {
  const source = join(root, `Pulumi.${stack}.yaml`);
  const file = existsSync(source) ? readYaml(source) : {};
  const url = settingsOf(file, projectName(root)).stateUrl;
  return url
    ? { url: String(url), secretsProvider: file.secretsprovider }
    : { url: `file://${workFolder(stack, root).backend}`, secretsProvider: file.secretsprovider };
}

/** Whether the state lies in this checkout, where it can be looked at without asking anybody. */
export const isLocal = ({ url }: StateLocation) => url.startsWith("file:");

/** What this machine adds to a stack's committed config. */
export interface Additions {
  /** Services that this toolchain has to leave out, with the reason. */
  leaveOut?: Record<string, string>;
  /** Full name of the stack of the vault, where there is one. */
  vault?: string;
  /** What encrypts the secrets of the state. */
  secretsProvider?: string;
}

/**
 * The stack file for the work folder: what is committed, with the salt or the encrypted key that Pulumi wrote into the last copy (in the checkout it would
 * dirty every clone, and the next clone could not decrypt its state) and with what this machine adds.
 */
export function mergeStackFile(
  committed: StackFile,
  previous: StackFile | undefined,
  namespace: string,
  { leaveOut = {}, vault, secretsProvider }: Additions,
): StackFile {
  const leftOut = `${namespace}:leaveOut`;
  const config = { ...committed.config };
  const declared = (config[leftOut] ?? {}) as Record<string, string>;
  if (Object.keys(leaveOut).length > 0) config[leftOut] = { ...leaveOut, ...declared };
  if (vault) config[`${namespace}:vault`] ??= vault;
  const salt = committed.encryptionsalt ?? previous?.encryptionsalt;
  const provider = secretsProvider ?? committed.secretsprovider;
  const key = committed.encryptedkey ?? previous?.encryptedkey;
  return {
    ...committed,
    config,
    ...(salt ? { encryptionsalt: salt } : {}),
    ...(provider ? { secretsprovider: provider } : {}),
    ...(provider && key ? { encryptedkey: key } : {}),
  };
}

/** Settings of one namespace, without its prefix. */
export function settingsOf(file: StackFile, namespace: string): Record<string, unknown> {
  const prefix = `${namespace}:`;
  return Object.fromEntries(
    Object.entries(file.config ?? {})
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

export interface PreparedWorkFolder extends WorkFolder, StateLocation {
  project: string;
  settings: Record<string, unknown>;
}

/** A Pulumi project of the checkout, by its folder there, where it works, and where its state lies. */
export interface Place extends StateLocation {
  root: string;
  source: string;
  folder: WorkFolder;
}

const stackPlace = (stack: string, root: string): Place => ({ root, source: root, folder: workFolder(stack, root), ...stateOf(stack, root) });

/** The vault's project. It works beside the stack's folder, which `purge` deletes. */
export function vaultPlace(stack: string, root = checkout): Place {
  const folder = { ...workFolder(stack, root), path: join(root, ".state", "vaults", stack) };
  return { root, source: join(root, "vault"), folder, ...stateOf(stack, root) };
}

/** Whether the stack has a vault, by its committed config. */
export const hasVault = ({ stack, root }: { stack: string; root: string }) =>
  existsSync(join(vaultPlace(stack, root).source, `Pulumi.${stack}.yaml`));

/** File of a stack's state in a local backend. */
export const stateFile = (backend: string, project: string, stack: string) => join(backend, ".pulumi", "stacks", project, `${stack}.json`);

/** The state of a stack's vault, where the checkout has a vault and it is up. */
export function vaultState(stack: string, root = checkout): { project: string; file: string } | undefined {
  const { source, folder } = vaultPlace(stack, root);
  if (!existsSync(source)) return undefined;
  const project = projectName(source);
  const file = stateFile(folder.backend, project, stack);
  return existsSync(file) ? { project, file } : undefined;
}

export interface ReadStack {
  project: string;
  file: StackFile;
  settings: Record<string, unknown>;
}

/** Project name and stack settings as the next operation will see them, without writing anything. */
export function readStack(stack: string, leaveOut: Record<string, string>, root = checkout): ReadStack {
  const vault = vaultState(stack, root);
  return readPlace(stackPlace(stack, root), stack, { leaveOut, vault: vault && `organization/${vault.project}/${stack}` });
}

/** Brings the work folder to what is committed; creates it, and the passphrase, when they are missing. */
export function prepareWorkFolder(stack: string, leaveOut: Record<string, string>, root = checkout): PreparedWorkFolder {
  return preparePlace(stackPlace(stack, root), stack, readStack(stack, leaveOut, root));
}

export function readPlace({ root, source, folder, secretsProvider }: Place, stack: string, additions: Additions): ReadStack {
  const committed = join(source, `Pulumi.${stack}.yaml`);
  if (!existsSync(committed)) {
    throw new CommandFailure(
      "usage",
      `--stack: there is no ${relative(root, committed)}; choose a stack that has one, or write it (docs/config.md lists the keys)`,
    );
  }
  const project = projectName(source);
  const copy = join(folder.path, `Pulumi.${stack}.yaml`);
  const previous = existsSync(copy) ? readYaml(copy) : undefined;
  const file = mergeStackFile(readYaml(committed), previous, project, { ...additions, secretsProvider });
  return { project, file, settings: settingsOf(file, project) };
}

export function preparePlace(
  { source, folder, url, secretsProvider }: Place,
  stack: string,
  { project, file, settings }: ReadStack,
): PreparedWorkFolder {
  mkdirSync(folder.path, { recursive: true });
  mkdirSync(folder.backend, { recursive: true });
  if (!existsSync(folder.passphrase)) writeFileSync(folder.passphrase, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
  const projectFile = readYaml(join(source, "Pulumi.yaml"));
  // The program is handed to the engine in this process: an entry point would be looked for beside the copy.
  delete projectFile.main;
  writeFileSync(join(folder.path, "Pulumi.yaml"), stringify(projectFile));
  writeStackFile(folder.path, stack, file);
  return { ...folder, url, secretsProvider, project, settings };
}

/** The stack file of a work folder. */
export const readStackFile = (folder: string, stack: string): StackFile => readYaml(join(folder, `Pulumi.${stack}.yaml`));

export const writeStackFile = (folder: string, stack: string, file: StackFile): void =>
  writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify(file));

/** What stands for a secret of the config that only its key could open: it passes for an address as well as for a word. */
const CLOSED = "https://secret.invalid";

function withoutSecrets(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if ("secure" in value) return CLOSED;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}

/** A stack file for a state that is thrown away: encrypted by the passphrase, and of no vault that cannot be found beside it. */
export function withoutState({ secretsprovider, encryptedkey: _, ...file }: StackFile, namespace: string, withVault: boolean): StackFile {
  const config = Object.fromEntries(Object.entries(file.config ?? {}).filter(([key]) => withVault || key !== `${namespace}:vault`));
  return { ...file, config: secretsprovider ? (withoutSecrets(config) as typeof config) : config };
}

const projectName = (source: string) => (readYaml(join(source, "Pulumi.yaml")) as { name: string }).name;

function readYaml(path: string): StackFile {
  try {
    return (parse(readFileSync(path, "utf8")) ?? {}) as StackFile;
  } catch (error) {
    throw new CommandFailure("usage", `${path} is not YAML: ${(error as Error).message}`);
  }
}
