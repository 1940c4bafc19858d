import * as pulumi from "@pulumi/pulumi";
import { registrations, type Registration } from "../components/rendering/registrations";
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

/** The resources that a vault's stack declares, from its config alone, for who judges them without an engine. */
export async function declaredResources(settings: Record<string, unknown>, stack: string): Promise<Registration[]> {
  const config = parseVaultConfig(settings, stack);
  const system = systems[config.system]!;
  return (await registrations(stack, () => void new Vault(system.name, { system, stack, config, images }), "ultrathink-vault")).resources;
}

export default program;
