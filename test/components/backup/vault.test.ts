import * as pulumi from "@pulumi/pulumi";
import { Platform } from "../../../components/platform";
import { inAws } from "../../../components/backup/aws";
import { vaultManifestKey } from "../../../components/backup/files";
import { checkVault, VaultClient } from "../../../components/backup/vault";
import type { Backend } from "../../../components/backends/backend";
import { parseConfig } from "../../../config";
import { ultrathink } from "../../../systems/ultrathink";

const registered: string[] = [];
/** What the vault's stack tells. */
const told = {
  endpoint: "https://s3.eu-west-1.amazonaws.com",
  buckets: { locked: "ultrathink-backups", unlocked: "ultrathink-backups-recent" },
  writer: { roleArn: "arn:aws:iam::123456789012:role/ultrathink-backup-writer" },
  cipherPassphrase: "a-passphrase",
  manifestKey: "a-manifest-key",
};
void pulumi.runtime.setMocks(
  {
    newResource: args => {
      registered.push(args.type);
      return { id: `mocked::${args.type}::${args.name}-id`, state: { ...(args.inputs as object), outputs: { ...told } } };
    },
    call: args => {
      throw new Error(`unexpected call of ${args.token}`);
    },
  },
  "ultrathink-infrastructure",
  "dev",
);

test("an update without a vault says how to bring it up, before anything is made", async () => {
  const config = parseConfig({ backend: "docker" }, "dev");
  const backend = jest.fn(() => ({}) as Backend);
  expect(() => new Platform("ultrathink", { system: ultrathink, leftOut: {}, config, backend })).toThrow(
    /the vault that takes them is not known. `bin\/ops up --stack dev` brings it up first and finds it; for the plain command: bin\/ops vault --stack dev/,
  );
  await pulumi.runtime.disconnect();
  expect(backend).not.toHaveBeenCalled();
  expect(registered.filter(type => !type.startsWith("ultrathink:"))).toEqual([]);
});

test.each([
  ["none", undefined],
  ["organization/ultrathink-vault/dev", "organization/ultrathink-vault/dev"],
])("vault: %s is taken", (vault, taken) => {
  expect(parseConfig({ backend: "docker", vault }, "dev").vault).toBe(taken);
});

test("a vault by half a name is refused", () => {
  expect(() => parseConfig({ backend: "docker", vault: "dev" }, "dev")).toThrow(
    /vault is "dev": none, or the full name of a stack, such as organization\//,
  );
});

test("a vault in AWS is used by the role that it has for its stack, without keys", async () => {
  const system = inAws(ultrathink, { account: "123456789012", region: "eu-west-1" }, "prod");
  const client = new VaultClient("vault", { stack: "organization/ultrathink-vault/prod", system });
  const [file] = client.files([vaultManifestKey]);
  expect(await (file!.content as unknown as { promise(): Promise<string> }).promise()).toBe("a-manifest-key");
});

test.each([
  ["region", { endpoint: "https://s3.us-east-1.amazonaws.com" }],
  ["account", { role: "arn:aws:iam::210987654321:role/ultrathink-backup-writer" }],
  ["stack", { bucket: "ultrathink-backups-staging" }],
])("a stack whose config names another %s than its vault's is refused", (_, other) => {
  const found = { endpoint: told.endpoint, bucket: told.buckets.locked, role: told.writer.roleArn };
  const configured = { ...found, ...other };
  expect(() => checkVault("organization/ultrathink-vault/prod", found, found)).not.toThrow();
  expect(() => checkVault("organization/ultrathink-vault/prod", found, configured)).toThrow(
    /^aws: the vault organization\/ultrathink-vault\/prod is reached at https:\/\/s3.eu-west-1.*:123456789012:.*, and this stack's config makes that .*Name the vault's account and region in aws, or this stack's own vault in vault, of Pulumi.dev.yaml/,
  );
});
