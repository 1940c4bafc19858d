import * as pulumi from "@pulumi/pulumi";
import { exceptions } from "../../policies/exceptions";
import { rules } from "../../policies/inventory";
import type { ResourceRule, StackRule } from "../../policies/rule";
import { ultrathink } from "../../systems/ultrathink";
import type * as lock from "../pinned-lock";
import { judge, judgeStack, resource } from "../policies/support";

jest.mock("../../images.lock.json", () => jest.requireActual<typeof lock>("../pinned-lock").pinnedLock());

const PROJECT = "ultrathink-vault";

interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

const registered: Registered[] = [];
const ofType = (type: string) => registered.filter(resource => resource.type === `docker:index/${type}`);

void pulumi.runtime.setMocks(
  {
    newResource: args => {
      registered.push({ type: args.type, name: args.name, inputs: args.inputs as Record<string, unknown> });
      return {
        id: `mocked::${args.type}::${args.name}-id`,
        state: {
          ...args.inputs,
          imageId: `sha256:${"0".repeat(64)}`,
          result: `generated-for-${args.name}`,
          privateKeyPem: `generated-for-${args.name}`,
          privateKeyPemPkcs8: `generated-for-${args.name}`,
          certPem: `certificate of ${args.name}`,
        },
      };
    },
    call: args => {
      throw new Error(`unexpected call of ${args.token}`);
    },
  },
  PROJECT,
  "dev",
  // As in a preview, which waits for nothing.
  true,
);

let outputs: Record<string, unknown>;
let secret: string[];

beforeAll(async () => {
  pulumi.runtime.setAllConfig({ [`${PROJECT}:provider`]: "docker" });
  const { program } = await import("../../vault");
  const told = await program();
  const wrapped = Object.entries(told).map(([key, value]): [string, pulumi.Output<unknown>] => [key, pulumi.output(value)]);
  const values = await Promise.all(wrapped.map(([, value]) => new Promise<unknown>(resolve => value.apply(resolve))));
  outputs = Object.fromEntries(wrapped.map(([key], index) => [key, values[index]]));
  const flags = await Promise.all(wrapped.map(([, value]) => pulumi.isSecret(value)));
  secret = wrapped.filter((_, index) => flags[index]).map(([key]) => key);
  await pulumi.runtime.disconnect();
}, 60_000);

test("its outputs are what the stack reads, and the identities and keys are secret", () => {
  expect(outputs).toEqual({
    endpoint: "https://vault:9000",
    network: "ultrathink-vault",
    authority: "certificate of ultrathink-vault-certificate",
    buckets: { locked: "ultrathink-backups", unlocked: "ultrathink-backups-recent" },
    writer: { accessKey: "ultrathink-backup-writer", secretKey: "generated-for-writer" },
    restore: { accessKey: "ultrathink-backup-restore", secretKey: "generated-for-restore" },
    cipherPassphrase: "generated-for-cipher-passphrase",
    manifestKey: "generated-for-manifest-key",
  });
  expect(secret).toEqual(["writer", "restore", "cipherPassphrase", "manifestKey"]);
});

test("nothing of it has a label by which a stack's operations, or Compose, find their own", () => {
  const labelled = ["container:Container", "volume:Volume", "network:Network"].flatMap(ofType);
  expect(labelled.map(({ inputs }) => inputs.name)).toEqual(
    expect.arrayContaining(["ultrathink-vault", "ultrathink-vault-buckets", "ultrathink_vault_data", "ultrathink-vault"]),
  );
  for (const { inputs } of labelled) {
    const labels = (inputs.labels as { label: string; value: string }[]).map(({ label, value }) => `${label}=${value}`);
    expect(labels).toContain("dev.ultrathink.vault=dev");
    expect(labels.filter(label => /^(dev\.ultrathink\.stack|com\.docker\.compose\.)/.test(label))).toEqual([]);
  }
});

test("the server has TLS, versions and its own identities; each secret lies in a file that the service alone reads", () => {
  const server = ofType("container:Container").find(({ name }) => name === "vault")!;
  expect((server.inputs.command as string[]).join(" ")).toMatch(/--cert \S+ --key \S+ .*--iam-dir \/run\/secrets\/iam posix --versioning-dir /);
  const uploads = server.inputs.uploads as { file: string; content: string; permissions: string }[];
  const users = JSON.parse(uploads.find(({ file }) => file === "/run/secrets/iam/users.json")!.content) as { accessAccounts: Record<string, object> };
  expect(Object.values(users.accessAccounts)).toEqual([
    expect.objectContaining({ access: "ultrathink-backup-writer", secret: "generated-for-writer", role: "user" }),
    expect.objectContaining({ access: "ultrathink-backup-restore", secret: "generated-for-restore", role: "user" }),
  ]);
  for (const { inputs } of ofType("container:Container")) {
    const { uploads: files, ...rest } = inputs;
    expect(JSON.stringify(rest)).not.toContain("generated-for-");
    const mode = inputs.user === "0:0" ? "0400" : "0440";
    const open = (files as typeof uploads).filter(({ content, permissions }) => content.includes("generated-for-") && permissions !== mode);
    expect(open).toEqual([]);
  }
});

test("the buckets keep versions; the lock is on the one whose backups live longer than it", () => {
  const job = ofType("container:Container").find(({ name }) => name === "vault-buckets")!;
  const [file] = (job.inputs.uploads as { file: string; content: string }[]).filter(upload => upload.file === "/etc/ultrathink/buckets.json");
  const { buckets } = JSON.parse(file!.content) as { buckets: { name: string; versioning: boolean; lock?: object }[] };
  expect(buckets.map(({ name, versioning, lock }) => ({ name, versioning, lock }))).toEqual([
    { name: "ultrathink-backups", versioning: true, lock: { mode: "GOVERNANCE", days: 14 } },
    { name: "ultrathink-backups-recent", versioning: true, lock: undefined },
  ]);
});

const resourceRules = rules.filter((rule): rule is ResourceRule => !("validateStack" in rule));
const stackRules = rules.filter((rule): rule is StackRule => "validateStack" in rule);
const judged = () => registered.map(({ type, name, inputs }) => resource(type, inputs, { name, project: PROJECT }));

// Mocks do not see resource options, so protection is left to the run under the real engine.
test.each(resourceRules.filter(({ name }) => name !== "docker-volume-enable-protection").map(rule => [rule.name, rule] as const))(
  "it keeps %s",
  (_name, rule) => {
    expect(registered.flatMap(({ type, name, inputs }) => judge(rule, inputs, { type, name }).violations)).toEqual([]);
  },
);

test.each(stackRules.map(rule => [rule.name, rule] as const))("it keeps %s", (_name, rule) => {
  expect(judgeStack(rule, judged()).violations).toEqual([]);
});

test("the rule about a vault's buckets finds them", () => {
  expect(
    judgeStack(
      stackRules.find(({ name }) => name === "backup-enforce-lock")!,
      judged(),
    ),
  ).toEqual({ violations: [] });
});

test("its exception from hardening is one that it needs", () => {
  const rule = resourceRules.find(({ name }) => name === "docker-container-disallow-root-user")!;
  const server = ofType("container:Container").find(({ name }) => name === "vault")!;
  expect(exceptions.filter(({ resource: name }) => name === "ultrathink-vault").map(exception => exception.rule)).toEqual([rule.name]);
  expect(judge(rule, { ...server.inputs, name: "ultrathink-nobody" }, server).violations).toHaveLength(1);
});

test("the declaration's lock is as long as the requirements say", () => {
  expect(ultrathink.backups!.vault.lock).toBe("14d");
});
