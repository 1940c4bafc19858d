import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { StackPlan } from "../components/plan";

export type { ComposeProject } from "../components/compose";
export type { AccessFile, VaultAccess, VaultIdentity } from "../components/backup/files";
export type { BackupPlan, PlannedBackup } from "../components/backup/plan";
export type { VaultOutputs } from "../components/backup/vault";
export type { PlannedService, PlannedVolume, StackPlan } from "../components/plan";

/** The face that the program shows to the operations; `index.ts` exports it. */
export interface Project {
  program: PulumiFn;
  /** Makes no container; its output `compose`, a {@link ComposeProject}, is the same containers for Docker Compose. */
  composeProgram: PulumiFn;
  /**
   * @param settings stack config of the project's own namespace, parsed from `Pulumi.<stack>.yaml`
   * @param stack name of the stack, for the command that mends a fault
   * @throws an Error that names key, value, what is allowed and how to mend
   */
  plan(settings: Record<string, unknown>, stack: string): StackPlan;
}
