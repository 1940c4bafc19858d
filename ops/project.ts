import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { VaultAccess } from "../components/backup/files";
import type { BackupPlan } from "../components/backup/plan";
import type { StackPlan } from "../components/plan";
import type { RenderedFile } from "../components/rendering/render";
import type { VaultPlan } from "../vault";

export type { ComposeProject } from "../components/compose";
export type { AccessFile, VaultAccess, VaultIdentity } from "../components/backup/files";
export type { BackupPlan, PlannedBackup } from "../components/backup/plan";
export type { VaultOutputs } from "../components/backup/vault";
export type { RenderedFile } from "../components/rendering/render";
export type { PlannedRelease, PlannedReleases } from "../components/releases";
export type { PlannedCluster, PlannedService, PlannedVolume, StackPlan } from "../components/plan";

/** A file of a container that restores, the same as the sidecar's. */
export interface RestoreFile {
  path: string;
  content: string;
  /** Mode 0400, owned by the container's user; otherwise readable by all. */
  secret: boolean;
}

/** The face that the vault's program shows to the operations; `vault/index.ts` exports it. */
export interface VaultProject {
  program: PulumiFn;
  /** @throws an Error that names key, value, what is allowed and how to mend */
  plan(settings: Record<string, unknown>, stack: string): VaultPlan;
}

/** The face that the program shows to the operations; `index.ts` exports it. */
export interface Project {
  program: PulumiFn;
  /**
   * Makes no container; its output `compose`, a {@link ComposeProject}, is the same containers for Docker Compose.
   *
   * @param localName name by which this machine has an image; Compose finds no other
   */
  composeProgram(localName: (image: string) => string): PulumiFn;
  /** @param extra how many more services the stack would have that serve */
  grownProgram(extra: number): PulumiFn;
  /**
   * @param settings stack config of the project's own namespace, parsed from `Pulumi.<stack>.yaml`
   * @param stack name of the stack, for the command that mends a fault
   * @throws an Error that names key, value, what is allowed and how to mend
   */
  plan(settings: Record<string, unknown>, stack: string): StackPlan;
  /**
   * What a stack declares as files, secrets redacted. After it this process cannot bring anything up.
   *
   * @param settings as `plan` takes them
   * @throws an Error that names key, value, what is allowed and how to mend
   */
  render(settings: Record<string, unknown>, stack: string): Promise<RenderedFile[]>;
  /** What a container of the backup image needs to restore from the vault as one of its identities. */
  restoreFiles(plan: BackupPlan, access: VaultAccess): RestoreFile[];
}
