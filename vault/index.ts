import * as pulumi from "@pulumi/pulumi";
import images from "../images.lock.json";
import { systems } from "../systems";
import { loadVaultConfig, parseVaultConfig } from "./config";
import { Vault } from "./vault";

/** What the operations know of a vault before it exists. */
export interface VaultPlan {
  /** Images of its containers, by service. */
  images: Record<string, string>;
  /** `true`: `vault --purge` may delete it. */
  disposable: boolean;
}

/** What a vault will consist of, from its config alone; nothing is created. */
export function plan(settings: Record<string, unknown>, stack: string): VaultPlan {
  const { disposable } = parseVaultConfig(settings, stack);
  return { images: { vault: images["object-store"], "vault-buckets": images.backup }, disposable };
}

/** Brings up the vault of the system that the stack's config names. */
export function program(): Promise<Record<string, unknown>> {
  const config = loadVaultConfig();
  const system = systems[config.system]!;
  return Promise.resolve(new Vault(system.name, { system, stack: pulumi.getStack(), config, images }).outputs);
}

export default program;
