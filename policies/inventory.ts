import type { Rule } from "./rule";
import { rule as alertmanagerEnforceEscalation } from "./rules/alertmanager-enforce-escalation";
import { rule as awsBucketEnforcePrivacy } from "./rules/aws-bucket-enforce-privacy";
import { rule as awsBucketEnforceRetention } from "./rules/aws-bucket-enforce-retention";
import { rule as awsKeyConfigureRotation } from "./rules/aws-key-configure-rotation";
import { rule as awsRoleDisallowDestruction } from "./rules/aws-role-disallow-destruction";
import { rule as awsVaultEnableProtection } from "./rules/aws-vault-enable-protection";
import { rule as backupEnforceJobs } from "./rules/backup-enforce-jobs";
import { rule as backupEnforceLock } from "./rules/backup-enforce-lock";
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
import { rule as dockerContainerDisallowSharedGpu } from "./rules/docker-container-disallow-shared-gpu";
import { rule as dockerContainerEnforceLimits } from "./rules/docker-container-enforce-limits";
import { rule as dockerContainerEnforceNoNewPrivileges } from "./rules/docker-container-enforce-no-new-privileges";
import { rule as dockerContainerEnforceReadOnlyRoot } from "./rules/docker-container-enforce-read-only-root";
import { rule as dockerContainerEnforceSecretFileMode } from "./rules/docker-container-enforce-secret-file-mode";
import { rule as dockerContainerEnforceUnlimitedRestart } from "./rules/docker-container-enforce-unlimited-restart";
import { rule as dockerStackDisallowUndeclaredVolume } from "./rules/docker-stack-disallow-undeclared-volume";
import { rule as dockerVolumeConfigureBackup } from "./rules/docker-volume-configure-backup";
import { rule as dockerVolumeEnableProtection } from "./rules/docker-volume-enable-protection";
import { rule as imageDisallowFloatingVersion } from "./rules/image-disallow-floating-version";
import { rule as imageEnforceDigest } from "./rules/image-enforce-digest";
import { rule as kafkaEnforceDurability } from "./rules/kafka-enforce-durability";
import { rule as kafkaEnforceSaslSsl } from "./rules/kafka-enforce-sasl-ssl";
import { rule as kafkaEnforceTopics } from "./rules/kafka-enforce-topics";
import { rule as kubernetesConfigMapDisallowSecret } from "./rules/kubernetes-config-map-disallow-secret";
import { rule as kubernetesContainerConfigureProbes } from "./rules/kubernetes-container-configure-probes";
import { rule as kubernetesContainerDisallowPlainSecret } from "./rules/kubernetes-container-disallow-plain-secret";
import { rule as kubernetesContainerEnforceLimits } from "./rules/kubernetes-container-enforce-limits";
import { rule as kubernetesContainerEnforceReadOnlyRoot } from "./rules/kubernetes-container-enforce-read-only-root";
import { rule as kubernetesCronjobConfigureSchedule } from "./rules/kubernetes-cronjob-configure-schedule";
import { rule as kubernetesJobConfigureDeadline } from "./rules/kubernetes-job-configure-deadline";
import { rule as kubernetesNamespaceEnableProtection } from "./rules/kubernetes-namespace-enable-protection";
import { rule as kubernetesNamespaceEnforceDefaultDeny } from "./rules/kubernetes-namespace-enforce-default-deny";
import { rule as kubernetesNamespaceEnforcePodSecurity } from "./rules/kubernetes-namespace-enforce-pod-security";
import { rule as kubernetesNetworkPolicyDisallowOpenPeer } from "./rules/kubernetes-network-policy-disallow-open-peer";
import { rule as kubernetesPodConfigureStopGrace } from "./rules/kubernetes-pod-configure-stop-grace";
import { rule as kubernetesPodDisallowHostPath } from "./rules/kubernetes-pod-disallow-host-path";
import { rule as kubernetesPodDisallowToken } from "./rules/kubernetes-pod-disallow-token";
import { rule as kubernetesPodEnforceRestrictedSecurity } from "./rules/kubernetes-pod-enforce-restricted-security";
import { rule as kubernetesPodEnforceSecretFileMode } from "./rules/kubernetes-pod-enforce-secret-file-mode";
import { rule as kubernetesPodEnforceWholeGpu } from "./rules/kubernetes-pod-enforce-whole-gpu";
import { rule as kubernetesRoleDisallowWrite } from "./rules/kubernetes-role-disallow-write";
import { rule as kubernetesServiceDisallowPublicAddress } from "./rules/kubernetes-service-disallow-public-address";
import { rule as kubernetesStatefulsetEnforceClaims } from "./rules/kubernetes-statefulset-enforce-claims";
import { rule as kubernetesWorkloadConfigureRollout } from "./rules/kubernetes-workload-configure-rollout";
import { rule as kubernetesWorkloadDisallowFixedReplicas } from "./rules/kubernetes-workload-disallow-fixed-replicas";
import { rule as kubernetesWorkloadEnforceDisruptionBudget } from "./rules/kubernetes-workload-enforce-disruption-budget";
import { rule as kubernetesWorkloadEnforcePriority } from "./rules/kubernetes-workload-enforce-priority";
import { rule as kubernetesWorkloadEnforceScale } from "./rules/kubernetes-workload-enforce-scale";
import { rule as kubernetesWorkloadEnforceTopologySpread } from "./rules/kubernetes-workload-enforce-topology-spread";
import { rule as lokiEnforceRetention } from "./rules/loki-enforce-retention";
import { rule as pgbackrestEnforceEncryption } from "./rules/pgbackrest-enforce-encryption";
import { rule as prometheusEnforceAlertTable } from "./rules/prometheus-enforce-alert-table";
import { rule as prometheusEnforceRetention } from "./rules/prometheus-enforce-retention";
import { rule as prometheusEnforceScrape } from "./rules/prometheus-enforce-scrape";
import { rule as redisEnforceMemoryHeadroom } from "./rules/redis-enforce-memory-headroom";
import { rule as redisEnforcePassword } from "./rules/redis-enforce-password";
import { rule as schedulerEnforceSchedules } from "./rules/scheduler-enforce-schedules";
import { rule as stackEnforceResourceTable } from "./rules/stack-enforce-resource-table";
import { rule as timescaledbEnforceSettings } from "./rules/timescaledb-enforce-settings";
import { rule as timescaledbEnforceTableRetention } from "./rules/timescaledb-enforce-table-retention";
import { rule as timescaledbEnforceTls } from "./rules/timescaledb-enforce-tls";
import { rule as timescaledbEnforceWalArchiving } from "./rules/timescaledb-enforce-wal-archiving";
import { rule as volumeDisallowSecondWriter } from "./rules/volume-disallow-second-writer";
import { rule as workloadEnforceSettings } from "./rules/workload-enforce-settings";
import { rule as zookeeperEnforceAutopurge } from "./rules/zookeeper-enforce-autopurge";

/** Every rule of the pack. A test compares it with the files in rules/. */
export const rules: Rule[] = [
  alertmanagerEnforceEscalation,
  awsBucketEnforcePrivacy,
  awsBucketEnforceRetention,
  awsKeyConfigureRotation,
  awsRoleDisallowDestruction,
  awsVaultEnableProtection,
  backupEnforceJobs,
  backupEnforceLock,
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
  dockerContainerDisallowSharedGpu,
  dockerContainerEnforceLimits,
  dockerContainerEnforceNoNewPrivileges,
  dockerContainerEnforceReadOnlyRoot,
  dockerContainerEnforceSecretFileMode,
  dockerContainerEnforceUnlimitedRestart,
  dockerStackDisallowUndeclaredVolume,
  dockerVolumeConfigureBackup,
  dockerVolumeEnableProtection,
  imageDisallowFloatingVersion,
  imageEnforceDigest,
  kafkaEnforceDurability,
  kafkaEnforceSaslSsl,
  kafkaEnforceTopics,
  kubernetesConfigMapDisallowSecret,
  kubernetesContainerConfigureProbes,
  kubernetesContainerDisallowPlainSecret,
  kubernetesContainerEnforceLimits,
  kubernetesContainerEnforceReadOnlyRoot,
  kubernetesCronjobConfigureSchedule,
  kubernetesJobConfigureDeadline,
  kubernetesNamespaceEnableProtection,
  kubernetesNamespaceEnforceDefaultDeny,
  kubernetesNamespaceEnforcePodSecurity,
  kubernetesNetworkPolicyDisallowOpenPeer,
  kubernetesPodConfigureStopGrace,
  kubernetesPodDisallowHostPath,
  kubernetesPodDisallowToken,
  kubernetesPodEnforceRestrictedSecurity,
  kubernetesPodEnforceSecretFileMode,
  kubernetesPodEnforceWholeGpu,
  kubernetesRoleDisallowWrite,
  kubernetesServiceDisallowPublicAddress,
  kubernetesStatefulsetEnforceClaims,
  kubernetesWorkloadConfigureRollout,
  kubernetesWorkloadDisallowFixedReplicas,
  kubernetesWorkloadEnforceDisruptionBudget,
  kubernetesWorkloadEnforcePriority,
  kubernetesWorkloadEnforceScale,
  kubernetesWorkloadEnforceTopologySpread,
  lokiEnforceRetention,
  pgbackrestEnforceEncryption,
  prometheusEnforceAlertTable,
  prometheusEnforceRetention,
  prometheusEnforceScrape,
  redisEnforceMemoryHeadroom,
  redisEnforcePassword,
  schedulerEnforceSchedules,
  stackEnforceResourceTable,
  timescaledbEnforceSettings,
  timescaledbEnforceTableRetention,
  timescaledbEnforceTls,
  timescaledbEnforceWalArchiving,
  volumeDisallowSecondWriter,
  workloadEnforceSettings,
  zookeeperEnforceAutopurge,
];
