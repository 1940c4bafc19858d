import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { awsPlace, checkConfig, engineConfig, unlessEmptyObject } from "../config";
import { systems } from "../systems";

/** Keys of the vault's stack config, as its Pulumi.yaml describes them. */
const schema = z
  .strictObject({
    system: z.enum(Object.keys(systems) as [string, ...string[]]).default("ultrathink"),
    provider: z.enum(["docker", "aws"]),
    bindAddress: z.union([z.ipv4(), z.ipv6()]).default("127.0.0.1"),
    disposable: z.union([z.boolean(), z.stringbool()]).default(false),
    aws: unlessEmptyObject(
      z.strictObject({
        region: awsPlace.region,
        oidcProvider: z
          .string()
          .regex(
            /^arn:aws:iam::\d{12}:oidc-provider\/\S+$/,
            "the ARN of the cluster's OpenID Connect provider, as arn:aws:iam::<account>:oidc-provider/<issuer>",
          ),
      }),
    ),
  })
  .refine(({ provider, aws }) => (provider === "aws") === (aws !== undefined), {
    path: ["aws"],
    error: 'goes with provider "aws", and only with that: {"region":"us-east-1","oidcProvider":"arn:aws:iam::<account>:oidc-provider/<issuer>"}',
  });

export type VaultConfig = Readonly<z.infer<typeof schema>>;

/** @throws pulumi.RunError that lists every fault */
export function parseVaultConfig(values: Record<string, unknown>, stack: string): VaultConfig {
  return checkConfig(schema, values, stack, `vault/Pulumi.${stack}.yaml`);
}

/** Config of the vault's running stack. */
export const loadVaultConfig = (): VaultConfig => parseVaultConfig(engineConfig(), pulumi.getStack());
