import * as pulumi from "@pulumi/pulumi";
import { registrations, type Registration } from "../components/rendering/registrations";
import images from "../images.lock.json";
import { systems } from "../systems";
import { inAws } from "../components/backup/aws";
import { documents, type VaultPlace } from "./aws/documents";
import { loadVaultConfig, parseVaultConfig, type VaultConfig } from "./config";
import { PUBLISHED_PORT } from "./server";
import { Vault } from "./vault";

/** What the operations know of a vault before it exists. */
export interface VaultPlan {
  provider: VaultConfig["provider"];
  /** Its policies for AWS as JSON, by the name of a file. */
  documents: Record<string, string>;
  /** Images of its containers, by service. */
  images: Record<string, string>;
  /** Whether it may be deleted. */
  disposable: boolean;
  /** Ports of this machine that it binds, and their address; none where it lies elsewhere. */
  bindAddress: string;
  ports: number[];
}

/** What a vault will consist of, from its config alone; nothing is created. */
export function plan(settings: Record<string, unknown>, stack: string): VaultPlan {
  const config = parseVaultConfig(settings, stack);
  const { bindAddress, disposable, provider } = config;
  const place = placeOf(config, stack);
  return {
    provider,
    disposable,
    bindAddress,
    ports: place ? [] : [PUBLISHED_PORT],
    images: place ? {} : { vault: images["object-store"], "vault-buckets": images.backup },
    documents: place
      ? Object.fromEntries(Object.entries(documents(place)).map(([name, document]) => [name, `${JSON.stringify(document, null, 2)}\n`]))
      : {},
  };
}

/** Makes the vault that a config names. */
async function vaultOf(config: VaultConfig, stack: string): Promise<{ outputs: object; ready?: Promise<void> }> {
  const place = placeOf(config, stack);
  // AWS' library is large, and a vault on Docker needs nothing of it.
  if (place) return new (await import("./aws/vault")).AwsVault(place.system.name, place);
  const system = systems[config.system]!;
  return new Vault(system.name, { system, stack, config, images });
}

/** Brings up the vault of the system that the stack's config names. */
export async function program(): Promise<Record<string, unknown>> {
  const { outputs, ready } = await vaultOf(loadVaultConfig(), pulumi.getStack());
  // The program ends, and with it `up`, when the vault works.
  await ready;
  return { ...outputs };
}

/** Where in AWS a vault lies, and the system as a stack with its vault there declares it; undefined for one that lies elsewhere. */
function placeOf({ system: name, aws, disposable }: VaultConfig, stack: string): VaultPlace | undefined {
  if (!aws) return undefined;
  const { region, oidcProvider } = aws;
  const account = oidcProvider.split(":")[4]!;
  return { system: inAws(systems[name]!, { account, region }, stack), account, region, oidcProvider, disposable };
}

/** The resources that a vault's stack declares, from its config alone, for who judges them without an engine. */
export async function declaredResources(settings: Record<string, unknown>, stack: string): Promise<Registration[]> {
  const config = parseVaultConfig(settings, stack);
  return (await registrations(stack, () => vaultOf(config, stack).then(() => undefined), "ultrathink-vault")).resources;
}

export default program;
