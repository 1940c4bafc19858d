import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { checkConfig, engineConfig } from "../config";
import { systems } from "../systems";

/** Keys of the vault's stack config, as its Pulumi.yaml describes them. */
const schema = z.strictObject({
  system: z.enum(Object.keys(systems) as [string, ...string[]]).default("ultrathink"),
  provider: z.enum(["docker"]),
  bindAddress: z.union([z.ipv4(), z.ipv6()]).default("127.0.0.1"),
  disposable: z.union([z.boolean(), z.stringbool()]).default(false),
});

export type VaultConfig = Readonly<z.infer<typeof schema>>;

/** @throws pulumi.RunError that lists every fault */
export function parseVaultConfig(values: Record<string, unknown>, stack: string): VaultConfig {
  return checkConfig(schema, values, stack, `vault/Pulumi.${stack}.yaml`);
}

/** Config of the vault's running stack. */
export const loadVaultConfig = (): VaultConfig => parseVaultConfig(engineConfig(), pulumi.getStack());
