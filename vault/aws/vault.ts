import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { identityName, type IdentityName } from "../../components/backup/aws";
import { vaultEndpoint } from "../../components/backup/plan";
import type { AwsVaultOutputs } from "../../components/backup/vault";
import { Secrets } from "../../components/secrets";
import { VaultBucket } from "./bucket";
import { bucketNames, bucketPolicy, keyAlias, keyPolicy, logBucketPolicy, rolePolicy, trustPolicy, type VaultPlace } from "./documents";
import { days, lifecycleOf } from "./lifecycle";

/** Days in which a key that somebody had deleted can be called back; the most that AWS gives. */
const DELETION_WINDOW_DAYS = 30;

/**
 * Where a system's backups lie in AWS: two buckets and their access logs, the key that encrypts them, and a role for who writes and one for who restores.
 * Everything of it is protected and outlives its stack, unless the vault is disposable.
 */
export class AwsVault extends pulumi.ComponentResource {
  public readonly outputs: { [K in keyof AwsVaultOutputs]: pulumi.Input<AwsVaultOutputs[K]> };

  constructor(name: string, place: VaultPlace, opts?: pulumi.ComponentResourceOptions) {
    super("ultrathink:vault:AwsVault", name, {}, opts);
    const { system, account, region, disposable } = place;
    const tags = { system: system.name, part: "vault" };
    const provider = new aws.Provider("aws", { region: region as aws.Region, allowedAccountIds: [account] }, { parent: this });
    const own = { parent: this, provider, protect: !disposable, retainOnDelete: !disposable };
    const roles = { writer: this.role(place, "writer", own, tags), restore: this.role(place, "restore", own, tags) };

    const key = new aws.kms.Key(
      "key",
      {
        description: `Encrypts the backups of ${system.name}`,
        enableKeyRotation: true,
        deletionWindowInDays: DELETION_WINDOW_DAYS,
        policy: JSON.stringify(keyPolicy(place)),
        tags,
      },
      // A policy may only name roles that are there.
      { ...own, dependsOn: Object.values(roles) },
    );
    new aws.kms.Alias("key", { name: keyAlias(place), targetKeyId: key.keyId }, own);

    const names = bucketNames(place);
    const lifecycle = lifecycleOf(system);
    const logs = new VaultBucket("logs", { bucket: names.logs, policy: logBucketPolicy(place), lifecycle: lifecycle.logs, tags }, own).name;
    const kept = (which: "locked" | "unlocked") => ({
      bucket: names[which],
      policy: bucketPolicy(place, names[which]),
      lifecycle: lifecycle[which],
      key: key.arn,
      logs,
      tags,
    });
    const mode = disposable ? "GOVERNANCE" : "COMPLIANCE";
    const locked = new VaultBucket("locked", { ...kept("locked"), lock: { mode, days: days(system.backups!.vault.lock) } }, own);
    const unlocked = new VaultBucket("unlocked", kept("unlocked"), own);

    const secrets = new Secrets("secrets", { parent: this });
    this.outputs = {
      endpoint: vaultEndpoint(system),
      buckets: pulumi.output({ locked: locked.name, unlocked: unlocked.name }),
      writer: pulumi.output({ roleArn: roles.writer.arn }),
      restore: pulumi.output({ roleArn: roles.restore.arn }),
      cipherPassphrase: pulumi.secret(secrets.password("cipher-passphrase")),
      manifestKey: pulumi.secret(secrets.password("manifest-key")),
    };
    this.registerOutputs({});
  }

  private role(place: VaultPlace, who: IdentityName, own: pulumi.CustomResourceOptions, tags: Record<string, string>): aws.iam.Role {
    const role = new aws.iam.Role(
      who,
      {
        name: identityName(place.system, who),
        description: who === "writer" ? "Adds backups and hides them; destroys none" : "Reads every version of a backup; writes nothing",
        assumeRolePolicy: JSON.stringify(trustPolicy(place, who)),
        tags,
      },
      own,
    );
    new aws.iam.RolePolicy(who, { name: "vault", role: role.name, policy: JSON.stringify(rolePolicy(place, who)) }, own);
    return role;
  }
}
