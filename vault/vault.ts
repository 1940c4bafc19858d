import * as pulumi from "@pulumi/pulumi";
import type { VaultOutputs } from "../components/backup/vault";
import type { IdentityName } from "../components/backup/aws";
import { vaultEndpoint } from "../components/backup/plan";
import { CertificateAuthority } from "../components/certificates";
import { Secrets } from "../components/secrets";
import type { System } from "../systems/declaration";
import type { VaultConfig } from "./config";
import { DockerVault } from "./docker";
import { accessKeys } from "./identities";
import { bucketsJob, serverSpec } from "./server";

export interface VaultArgs {
  system: System;
  stack: string;
  config: Pick<VaultConfig, "bindAddress">;
  /** Image reference by key of images.lock.json. */
  images: Record<string, string>;
}

/**
 * Where a system's backups lie: buckets, the keys that encrypt and sign what is in them, a writer and a restore identity. It is a stack of its own,
 * because it has to outlive the stack that it holds the backups of.
 */
export class Vault extends pulumi.ComponentResource {
  /** Resolves when the vault works; in a preview at once. */
  readonly ready: Promise<void>;
  public readonly outputs: { [K in keyof VaultOutputs]: pulumi.Input<VaultOutputs[K]> };

  constructor(name: string, { system, stack, config, images }: VaultArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ultrathink:vault:Vault", name, {}, opts);
    const parent = { parent: this };
    const { external, buckets } = system.backups!.vault;
    const { host, network } = system.external[external]!;
    const authority = new CertificateAuthority(`${system.name}-vault`, parent);
    const secrets = new Secrets("secrets", parent);
    const secretKeys: Record<IdentityName, pulumi.Output<string>> = { writer: secrets.password("writer"), restore: secrets.password("restore") };
    const identity = (who: IdentityName) => pulumi.secret(secretKeys[who].apply(secretKey => ({ accessKey: accessKeys[who], secretKey })));
    const root = secrets.password("root");
    const tls = authority.server(host, [host, `${system.containerPrefix}${host}`, "localhost"]);
    this.ready = new DockerVault(
      "docker",
      {
        system,
        stack,
        config,
        images,
        server: serverSpec(system, { tls, root, identities: secretKeys }),
        buckets: bucketsJob(system, root, authority.certificate),
      },
      parent,
    ).ready;
    this.outputs = {
      endpoint: vaultEndpoint(system),
      network: network!,
      authority: authority.certificate,
      buckets,
      writer: identity("writer"),
      restore: identity("restore"),
      cipherPassphrase: pulumi.secret(secrets.password("cipher-passphrase")),
      manifestKey: pulumi.secret(secrets.password("manifest-key")),
    };
    this.registerOutputs({});
  }
}
