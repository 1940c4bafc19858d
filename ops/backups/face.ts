import { CommandFailure } from "../exit";
import type { BackupPlan, PlannedService, PlannedVolume, StackPlan } from "../project";

/** What a stack has when it has backups of a database; a system without one has nothing to restore. */
export interface Recovery {
  sidecar: string;
  rtoSeconds: number;
  rpoSeconds: number;
  backups: BackupPlan & { database: NonNullable<BackupPlan["database"]> };
}

/** @throws CommandFailure `usage` for a system that declares no backups */
export function recoveryOf({ system, backups, recovery }: StackPlan): Recovery {
  if (backups?.database && recovery) return { ...recovery, backups: { ...backups, database: backups.database } };
  throw new CommandFailure("usage", `${system} declares no backups of a database (systems/${system}.ts, backups)`);
}

export function plannedService(plan: StackPlan, service: string): PlannedService {
  const found = plan.services.find(({ name }) => name === service);
  if (!found) throw new CommandFailure("usage", `${plan.system} has no service ${service}`);
  return found;
}

/** Container of a service of the plan. */
export const containerOf = (plan: StackPlan, service: string): string => plannedService(plan, service).container;

export const sidecarOf = (plan: StackPlan): PlannedService => plannedService(plan, recoveryOf(plan).sidecar);

/** The data volume of a service that a restore can fill, or that can be lost. */
export function volumeOf(plan: StackPlan, service: string): PlannedVolume {
  const found = plan.volumes.find(volume => volume.service === service);
  if (!found) throw new CommandFailure("usage", `${plan.system} declares no data volume of ${service}`);
  return found;
}
