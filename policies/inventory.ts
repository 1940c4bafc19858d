import type { Rule } from "./rule";
import { rule as dockerContainerConfigureHealthCheck } from "./rules/docker-container-configure-health-check";
import { rule as dockerContainerConfigureLogRotation } from "./rules/docker-container-configure-log-rotation";
import { rule as dockerContainerConfigureStopGrace } from "./rules/docker-container-configure-stop-grace";
import { rule as dockerContainerDisallowCapabilities } from "./rules/docker-container-disallow-capabilities";
import { rule as dockerContainerDisallowDockerSocket } from "./rules/docker-container-disallow-docker-socket";
import { rule as dockerContainerDisallowHostPath } from "./rules/docker-container-disallow-host-path";
import { rule as dockerContainerDisallowPlainSecret } from "./rules/docker-container-disallow-plain-secret";
import { rule as dockerContainerDisallowPrivilegedMode } from "./rules/docker-container-disallow-privileged-mode";
import { rule as dockerContainerDisallowPublicPort } from "./rules/docker-container-disallow-public-port";
import { rule as dockerContainerDisallowRootUser } from "./rules/docker-container-disallow-root-user";
import { rule as dockerContainerEnforceEncryptedBackup } from "./rules/docker-container-enforce-encrypted-backup";
import { rule as dockerContainerEnforceLimits } from "./rules/docker-container-enforce-limits";
import { rule as dockerContainerEnforceNoNewPrivileges } from "./rules/docker-container-enforce-no-new-privileges";
import { rule as dockerContainerEnforceReadOnlyRoot } from "./rules/docker-container-enforce-read-only-root";
import { rule as dockerContainerEnforceSecretFileMode } from "./rules/docker-container-enforce-secret-file-mode";
import { rule as dockerContainerEnforceUnlimitedRestart } from "./rules/docker-container-enforce-unlimited-restart";
import { rule as dockerImageDisallowFloatingVersion } from "./rules/docker-image-disallow-floating-version";
import { rule as dockerKafkaEnforceDurability } from "./rules/docker-kafka-enforce-durability";
import { rule as dockerRedisEnforceMemoryHeadroom } from "./rules/docker-redis-enforce-memory-headroom";
import { rule as dockerStackDisallowUndeclaredVolume } from "./rules/docker-stack-disallow-undeclared-volume";
import { rule as dockerStackEnforceBackupAlerts } from "./rules/docker-stack-enforce-backup-alerts";
import { rule as dockerStackEnforceBackupJobs } from "./rules/docker-stack-enforce-backup-jobs";
import { rule as dockerStackEnforceBackupLock } from "./rules/docker-stack-enforce-backup-lock";
import { rule as dockerStackEnforceResourceTable } from "./rules/docker-stack-enforce-resource-table";
import { rule as dockerStackEnforceWalArchiving } from "./rules/docker-stack-enforce-wal-archiving";
import { rule as dockerVolumeConfigureBackup } from "./rules/docker-volume-configure-backup";
import { rule as dockerVolumeEnableProtection } from "./rules/docker-volume-enable-protection";

/** Every rule of the pack. A test compares it with the files in rules/. */
export const rules: Rule[] = [
  dockerContainerConfigureHealthCheck,
  dockerContainerConfigureLogRotation,
  dockerContainerConfigureStopGrace,
  dockerContainerDisallowCapabilities,
  dockerContainerDisallowDockerSocket,
  dockerContainerDisallowHostPath,
  dockerContainerDisallowPlainSecret,
  dockerContainerDisallowPrivilegedMode,
  dockerContainerDisallowPublicPort,
  dockerContainerDisallowRootUser,
  dockerContainerEnforceEncryptedBackup,
  dockerContainerEnforceLimits,
  dockerContainerEnforceNoNewPrivileges,
  dockerContainerEnforceReadOnlyRoot,
  dockerContainerEnforceSecretFileMode,
  dockerContainerEnforceUnlimitedRestart,
  dockerImageDisallowFloatingVersion,
  dockerKafkaEnforceDurability,
  dockerRedisEnforceMemoryHeadroom,
  dockerStackDisallowUndeclaredVolume,
  dockerStackEnforceBackupAlerts,
  dockerStackEnforceBackupJobs,
  dockerStackEnforceBackupLock,
  dockerStackEnforceResourceTable,
  dockerStackEnforceWalArchiving,
  dockerVolumeConfigureBackup,
  dockerVolumeEnableProtection,
];
