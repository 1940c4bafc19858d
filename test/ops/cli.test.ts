import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type Docker from "dockerode";
import { execute } from "../../ops/cli";
import { commands } from "../../ops/commands";
import { createLogger } from "../../ops/logger";
import type { Toolchain } from "../../ops/toolchain";
import { stateFile, workFolder } from "../../ops/workspace";
import { STACK, makeRoot, stub } from "./support/project";

/** Nothing here may get as far as an engine or a daemon. */
const untouched: Toolchain = {
  name: "none",
  reason: "a test",
  prepare: () => Promise.reject(new Error("the toolchain was prepared")),
  compose: () => Promise.reject(new Error("Compose was asked for")),
  localName: image => image,
  stop: () => Promise.resolve(),
};
const noDocker = { ping: () => Promise.reject(new Error("connect ENOENT")) } as unknown as Docker;

let checkout: ReturnType<typeof makeRoot>;
beforeEach(() => (checkout = makeRoot({})));
afterEach(() => checkout.end());

async function run(...argv: string[]): Promise<{ code: number; text: string }> {
  const lines: string[] = [];
  const logger = createLogger({ out: text => lines.push(text), err: text => lines.push(text) });
  const code = await execute(argv, untouched, { logger, root: checkout.root, docker: noDocker, tty: false, project: () => Promise.resolve(stub) });
  return { code, text: lines.join("") };
}

test("help lists every command and the exit codes, and is no failure", async () => {
  const { code, text } = await run("--help");
  expect(code).toBe(0);
  for (const name of Object.keys(commands)) expect(text).toMatch(new RegExp(`^  ${name}\\b`, "m"));
  expect(text).toContain("130  cancelled");
});

test.each(Object.entries(commands))("%s has worked examples that begin with it", async (name, { examples }) => {
  const { code, text } = await run(name, "--help");
  expect(code).toBe(0);
  expect(examples.length).toBeGreaterThan(0);
  for (const [typed] of examples) {
    expect(typed.split(" ").slice(0, 2)).toEqual(["bin/ops", name]);
    expect(text).toContain(typed);
  }
});

test.each<[string, string[], RegExp]>([
  ["an unknown command", ["upp"], /unknown command 'upp'/],
  ["an unknown option", ["up", "--force"], /unknown option '--force'/],
  ["a surplus argument", ["up", "redis"], /too many arguments/],
  ["a stack name that is a path", ["status", "--stack", "../x"], /--stack: "..\/x" is not allowed; use/],
  ["a stack without a file", ["up", "--stack", "nowhere"], /there is no Pulumi.nowhere.yaml/],
  ["a tail that is no number", ["logs", "--tail", "many", "--stack", STACK], /--tail: "many" is not allowed; use a whole number/],
  ["a stack without a vault", ["vault", "--stack", STACK], /there is no vault\/Pulumi.tops.yaml/],
  ["a yes to no question", ["vault", "--yes", "--stack", STACK], /--yes: only goes with --purge/],
  ["purging what is not disposable", ["purge", "--yes", "--stack", STACK], /not disposable[^]*set disposable: true in Pulumi.tops.yaml/],
])("%s ends with 2 before anything is touched", async (_, argv, message) => {
  const { code, text } = await run(...argv);
  expect(text).toMatch(message);
  expect(code).toBe(2);
});

describe("a vault", () => {
  const project = {
    program: () => Promise.resolve({}),
    plan: (settings: Record<string, unknown>) => ({
      provider: "docker" as const,
      documents: {},
      bindAddress: "127.0.0.1",
      ports: [],
      images: {},
      disposable: settings.disposable === true,
    }),
  };

  async function onVault(settings: Record<string, unknown>, ...argv: string[]): Promise<{ code: number; text: string }> {
    const lines: string[] = [];
    const logger = createLogger({ out: text => lines.push(text), err: text => lines.push(text) });
    mkdirSync(join(checkout.root, "vault"));
    writeFileSync(join(checkout.root, "vault/Pulumi.yaml"), "name: t-ops-vault\nruntime: nodejs\n");
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`t-ops-vault:${key}`, value]));
    writeFileSync(join(checkout.root, `vault/Pulumi.${STACK}.yaml`), JSON.stringify({ config }));
    const services = {
      logger,
      root: checkout.root,
      docker: noDocker,
      tty: false,
      project: () => Promise.resolve(stub),
      vault: () => Promise.resolve(project),
    };
    const code = await execute(["vault", ...argv, "--stack", STACK], untouched, services);
    return { code, text: lines.join("") };
  }

  test("that is not disposable is not purged", async () => {
    const { code, text } = await onVault({}, "--purge", "--yes");
    expect(text).toMatch(/the vault of tops is not disposable. Every backup would be lost[^]*vault\/Pulumi.tops.yaml/);
    expect(code).toBe(2);
  });

  test("is not purged before its stack", async () => {
    const state = stateFile(workFolder(STACK, checkout.root).backend, "t-ops", STACK);
    mkdirSync(dirname(state), { recursive: true });
    writeFileSync(state, "{}");
    const { code, text } = await onVault({ disposable: true }, "--purge", "--yes");
    expect(text).toMatch(/tops still uses its vault. `bin\/ops purge --stack tops`/);
    expect(code).toBe(2);
  });

  test("is not purged when nobody is there to ask", async () => {
    const { code, text } = await onVault({ disposable: true }, "--purge");
    expect(text).toContain("vault --purge: nobody is there to ask; say --yes");
    expect(code).toBe(2);
  });

  test("needs Docker", async () => {
    const { code, text } = await onVault({ disposable: true });
    expect(text).toContain("Docker does not answer");
    expect(code).toBe(4);
  });
});

test("purge asks nobody when nobody is there", async () => {
  checkout.configure({ disposable: true });
  const { code, text } = await run("purge", "--stack", STACK);
  expect(text).toContain("say --yes");
  expect(code).toBe(2);
});

test.each(["up", "preview", "policy", "status", "doctor", "down"])("%s refuses stack config that is not in order", async command => {
  checkout.configure({ unknown: 1 });
  const { code, text } = await run(command, "--stack", STACK);
  expect(text).toContain("unknown is not a key");
  expect(code).toBe(2);
});

test("status without Docker ends with 4 and says what to do", async () => {
  const { code, text } = await run("status", "--stack", STACK);
  expect(text).toMatch(/Docker does not answer: connect ENOENT[^]*bin\/ops doctor/);
  expect(code).toBe(4);
});

test("an unexpected error ends with 1", async () => {
  const { code, text } = await run("drift", "--stack", STACK);
  expect(text).toContain("the toolchain was prepared");
  expect(code).toBe(1);
});

test("render writes the declared files into a folder that holds nothing else", async () => {
  const folder = join(checkout.root, ".state", STACK, "render");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "of-yesterday.yaml"), "");
  const { code, text } = await run("render", "--stack", STACK);
  expect({ code, text: text.trim() }).toEqual({ code: 0, text: `1 files in .state/${STACK}/render/` });
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual(["objects", `objects/${STACK}.yaml`]);
});

test("render also writes what a vault in AWS lets whom do", async () => {
  mkdirSync(join(checkout.root, "vault"));
  writeFileSync(join(checkout.root, "vault/Pulumi.yaml"), "name: ultrathink-vault\nruntime: nodejs\n");
  const oidcProvider = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/TEST";
  const config = { "ultrathink-vault:provider": "aws", "ultrathink-vault:aws": { region: "eu-west-1", oidcProvider } };
  writeFileSync(join(checkout.root, `vault/Pulumi.${STACK}.yaml`), JSON.stringify({ config }));
  expect((await run("render", "--stack", STACK)).code).toBe(0);
  const folder = join(checkout.root, ".state", STACK, "render", "iam");
  expect(readdirSync(folder).sort()).toEqual([
    "ultrathink-backup-restore.policy.json",
    "ultrathink-backup-restore.trust.json",
    "ultrathink-backup-writer.policy.json",
    "ultrathink-backup-writer.trust.json",
    `ultrathink-backups-recent-${STACK}.bucket-policy.json`,
    `ultrathink-backups-${STACK}-access-logs.bucket-policy.json`,
    `ultrathink-backups-${STACK}.bucket-policy.json`,
    "ultrathink-vault.key-policy.json",
  ]);
  expect(JSON.parse(readFileSync(join(folder, "ultrathink-backup-writer.trust.json"), "utf8"))).toMatchObject({
    Statement: [{ Principal: { Federated: oidcProvider }, Action: "sts:AssumeRoleWithWebIdentity" }],
  });
});

test.each<[string, object, RegExp]>([
  ["a vault in AWS without a place there", { provider: "aws" }, /- aws is not set: goes with provider "aws", and only with that/],
  [
    "a place in AWS for a vault on Docker",
    { provider: "docker", aws: { region: "eu-west-1", oidcProvider: "arn:aws:iam::123456789012:oidc-provider/x" } },
    /- aws .*only with that/,
  ],
  [
    "an issuer instead of its provider",
    { provider: "aws", aws: { region: "eu-west-1", oidcProvider: "https://oidc.eks.eu-west-1.amazonaws.com/id/TEST" } },
    /- aws.oidcProvider .*the ARN of the cluster's OpenID Connect provider.*vault\/Pulumi.tops.yaml/,
  ],
])("%s is refused", async (_, settings, message) => {
  mkdirSync(join(checkout.root, "vault"));
  writeFileSync(join(checkout.root, "vault/Pulumi.yaml"), "name: ultrathink-vault\nruntime: nodejs\n");
  const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`ultrathink-vault:${key}`, value as unknown]));
  writeFileSync(join(checkout.root, `vault/Pulumi.${STACK}.yaml`), JSON.stringify({ config }));
  const { code, text } = await run("render", "--stack", STACK);
  expect(text).toMatch(message);
  expect(code).toBe(2);
});
