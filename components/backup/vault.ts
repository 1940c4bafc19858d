import * as pulumi from "@pulumi/pulumi";
import type { FileMount } from "../spec";
import type { AccessFile, VaultAccess, VaultIdentity } from "./files";

/** What the vault's stack tells about itself; the last four are secret. */
export interface VaultOutputs {
  endpoint: string;
  network: string;
  /** PEM of the authority that signed its certificate. */
  authority: string;
  buckets: { locked: string; unlocked: string };
  /** May add and hide objects, and change nothing that is there. */
  writer: VaultIdentity;
  /** May read every version. */
  restore: VaultIdentity;
  cipherPassphrase: string;
  manifestKey: string;
}

/** In a preview of a stack whose vault is not up: the files are planned, their text is not. */
const placeholder: VaultAccess = {
  authority: "known when the vault is up",
  identity: { accessKey: "known when the vault is up", secretKey: "known when the vault is up" },
  cipherPassphrase: "known when the vault is up",
  manifestKey: "known when the vault is up",
};

/** The vault of a stack, as its backups' writer sees it: read from the vault's own stack, which outlives this one. */
export class VaultClient extends pulumi.ComponentResource {
  private readonly access: pulumi.Output<VaultAccess>;

  /**
   * @param stack full name of the vault's stack, such as `organization/ultrathink-vault/dev`
   * @throws pulumi.RunError without it, except in a preview
   */
  constructor(name: string, stack: string | undefined, opts?: pulumi.ComponentResourceOptions) {
    super("ultrathink:backup:VaultClient", name, {}, opts);
    if (stack === undefined) {
      if (!pulumi.runtime.isDryRun()) throw new pulumi.RunError(missing());
      this.access = pulumi.output(placeholder);
    } else {
      const vault = new pulumi.StackReference(name, { name: stack }, { parent: this });
      const output = <K extends keyof VaultOutputs>(key: K) => vault.requireOutput(key) as pulumi.Output<VaultOutputs[K]>;
      // What the vault's stack marks as secret stays so here.
      this.access = pulumi
        .all([output("authority"), output("writer"), output("cipherPassphrase"), output("manifestKey")])
        .apply(([authority, identity, cipherPassphrase, manifestKey]) => ({ authority, identity, cipherPassphrase, manifestKey }));
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
