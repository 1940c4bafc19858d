import * as pulumi from "@pulumi/pulumi";
import type { System } from "../../systems/declaration";
import type { FileMount } from "../spec";
import type { AccessFile, VaultAccess, VaultIdentity } from "./files";
import { vaultEndpoint } from "./plan";

interface CommonOutputs {
  endpoint: string;
  buckets: { locked: string; unlocked: string };
  cipherPassphrase: string;
  manifestKey: string;
}

/** What the stack of a vault on Docker tells about itself; identities, passphrase and key are secret. */
export interface VaultOutputs extends CommonOutputs {
  network: string;
  /** PEM of the authority that signed its certificate. */
  authority: string;
  /** May add and hide objects, and change nothing that is there. */
  writer: VaultIdentity;
  /** May read every version. */
  restore: VaultIdentity;
}

/** What the stack of a vault in AWS tells about itself; passphrase and key are secret. Its identities are roles, which have no keys. */
export interface AwsVaultOutputs extends CommonOutputs {
  writer: { roleArn: string };
  restore: { roleArn: string };
}

const LATER = "known when the vault is up";

/** In a preview of a stack whose vault is not up: the files are planned, their text is not. */
const placeholder: VaultAccess = {
  keys: { authority: LATER, identity: { accessKey: LATER, secretKey: LATER } },
  cipherPassphrase: LATER,
  manifestKey: LATER,
};

/** The vault of a stack, as its backups' writer sees it: read from the vault's own stack, which outlives this one. */
export class VaultClient extends pulumi.ComponentResource {
  private readonly access: pulumi.Output<VaultAccess>;

  /**
   * @param stack full name of the vault's stack, such as `organization/ultrathink-vault/dev`
   * @throws pulumi.RunError without it, except in a preview; and where the stack is told of another vault than that one
   */
  constructor(name: string, { stack, system }: { stack: string | undefined; system: System }, opts?: pulumi.ComponentResourceOptions) {
    super("ultrathink:backup:VaultClient", name, {}, opts);
    const { external, buckets } = system.backups!.vault;
    const { awsRole } = system.external[external]!;
    if (stack === undefined) {
      if (!pulumi.runtime.isDryRun()) throw new pulumi.RunError(missing());
      this.access = pulumi.output(awsRole ? { ...placeholder, keys: undefined } : placeholder);
    } else {
      const vault = new pulumi.StackReference(name, { name: stack }, { parent: this });
      const output = <T>(key: keyof VaultOutputs) => vault.requireOutput(key) as pulumi.Output<T>;
      const keys = awsRole ? undefined : pulumi.output({ authority: output<string>("authority"), identity: output<VaultIdentity>("writer") });
      const where = pulumi.all([
        output<string>("endpoint"),
        output<CommonOutputs["buckets"]>("buckets"),
        awsRole ? output<{ roleArn: string }>("writer") : undefined,
      ]);
      // What the vault's stack marks as secret stays so here.
      this.access = pulumi
        .all([keys, output<string>("cipherPassphrase"), output<string>("manifestKey"), where])
        .apply(([itsKeys, cipherPassphrase, manifestKey, [endpoint, { locked }, writer]]) => {
          const configured = { endpoint: vaultEndpoint(system), bucket: buckets.locked, role: awsRole };
          checkVault(stack, { endpoint, bucket: locked, role: writer?.roleArn }, configured);
          return { keys: itsKeys, cipherPassphrase, manifestKey };
        });
    }
    this.registerOutputs({});
  }

  /** Files with the writer's texts. */
  files(files: readonly AccessFile[]): FileMount[] {
    return files.map(({ path, kind, content }) => ({ path, kind, content: this.access.apply(content) }));
  }
}

function missing(): string {
  const stack = pulumi.getStack();
  return (
    `this system has backups, and the vault that takes them is not known. \`bin/ops up --stack ${stack}\` brings it up first and finds it; ` +
    `for the plain command: bin/ops vault --stack ${stack}, then pulumi config set vault organization/ultrathink-vault/${stack} --stack ${stack}`
  );
}

interface Whereabouts {
  endpoint: string;
  /** The locked one. */
  bucket: string;
  role: string | undefined;
}

/**
 * A stack whose config names another account or region than its vault's would write to a bucket that is not there, or is somebody else's; one that
 * names another stack's vault would have keys that open nothing of its own.
 * @throws pulumi.RunError
 */
export function checkVault(stack: string, found: Whereabouts, configured: Whereabouts): void {
  const words = ({ endpoint, bucket, role }: Whereabouts) => [`${endpoint}/${bucket}`, ...(role ? [role] : [])].join(" as ");
  if (words(found) === words(configured)) return;
  throw new pulumi.RunError(
    `aws: the vault ${stack} is reached at ${words(found)}, and this stack's config makes that ${words(configured)}. ` +
      `Name the vault's account and region in aws, or this stack's own vault in vault, of Pulumi.${pulumi.getStack()}.yaml`,
  );
}
