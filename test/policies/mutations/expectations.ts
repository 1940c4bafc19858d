import type { Operator } from "./tree";

/** What a change at a place must be answered by: one of these rules, with a mandatory violation. */
interface Expectation {
  place: RegExp;
  /** @default - whatever is done to it */
  operators?: Operator[];
  by: string[];
}

/** A change that leaves the runbook's numbers and every safety property as they are, with the reason. */
interface Equivalent {
  place: RegExp;
  /** @default - whatever is done to it */
  operators?: Operator[];
  reason: string;
}

const table = "stack-enforce-resource-table";
const restricted = "kubernetes-pod-enforce-restricted-security";
const probes = "kubernetes-container-configure-probes";
const alerts = "prometheus-enforce-alert-table";
const scale = "kubernetes-workload-enforce-scale";
const spread = "kubernetes-workload-enforce-topology-spread";
const priority = "kubernetes-workload-enforce-priority";
const limits = "kubernetes-container-enforce-limits";
const openPeer = "kubernetes-network-policy-disallow-open-peer";
const budget = "kubernetes-workload-enforce-disruption-budget";
const rollout = "kubernetes-workload-configure-rollout";
const schedule = "kubernetes-cronjob-configure-schedule";
const tasks = "scheduler-enforce-schedules";
const claims = "kubernetes-statefulset-enforce-claims";
const settings = "timescaledb-enforce-settings";
const backups = "backup-enforce-jobs";
const lock = "backup-enforce-lock";
const whole = "kubernetes-pod-enforce-whole-gpu";
const scrape = "prometheus-enforce-scrape";
const escalation = "alertmanager-enforce-escalation";
const durability = "kafka-enforce-durability";
const topics = "kafka-enforce-topics";
const archiving = "timescaledb-enforce-wal-archiving";
const saslSsl = "kafka-enforce-sasl-ssl";
const databaseTls = "timescaledb-enforce-tls";
const redisPassword = "redis-enforce-password";
const health = "docker-container-configure-health-check";
const privacy = "aws-bucket-enforce-privacy";
const kept = "aws-bucket-enforce-retention";
const tableDays = "timescaledb-enforce-table-retention";
/** Those that read a server's configuration: one that is not to be found, or cannot be read, is a violation of its reader. */
const readers = [
  escalation,
  backups,
  lock,
  topics,
  durability,
  "loki-enforce-retention",
  archiving,
  databaseTls,
  "pgbackrest-enforce-encryption",
  alerts,
  scrape,
  "redis-enforce-memory-headroom",
  redisPassword,
  tableDays,
];
/** Rules of which each finds a service that is gone, or of a task the files that nobody reads any more. */
const gone = [table, tasks, topics, tableDays, lock];

const pods = String.raw`^(StatefulSet|Deployment|DaemonSet|Job|CronJob) spec\.(jobTemplate\.spec\.)?template\.spec`;
const services = String.raw`^(StatefulSet|Deployment|DaemonSet) spec\.template\.spec`;
const inPods = (path: string) => new RegExp(`${pods}\\.${path}$`);
const inServices = (path: string) => new RegExp(`${services}\\.${path}$`);

export const expectations: Expectation[] = [
  // Kubernetes: what runs pods.
  { place: /^(StatefulSet|Deployment|DaemonSet|Job|CronJob)$/, by: gone },
  {
    place: /^(StatefulSet|Deployment|DaemonSet|Job|CronJob) spec(\.(jobTemplate(\.spec)?))?(\.template(\.spec(\.containers(\[\])?)?)?)?$/,
    by: [...gone, restricted],
  },
  {
    place: inPods(String.raw`(containers|initContainers)\[\]\.resources(\.limits|\.requests)?(\.(cpu|memory|ephemeral-storage))?`),
    by: [table, limits],
  },
  { place: inPods(String.raw`containers\[\]\.resources\.(limits|requests)\.nvidia\.com/gpu`), by: [table, whole] },
  { place: inPods(String.raw`(containers|initContainers)\[\]\.image`), operators: ["removed"], by: ["image-disallow-floating-version"] },
  {
    place: inPods(
      String.raw`(containers|initContainers)\[\]\.securityContext(\.(allowPrivilegeEscalation|capabilities|capabilities\.drop|capabilities\.drop\[\]))?`,
    ),
    by: [restricted],
  },
  {
    place: inPods(String.raw`(containers|initContainers)\[\]\.securityContext\.(privileged|runAsNonRoot)`),
    operators: ["flipped"],
    by: [restricted],
  },
  { place: inPods(String.raw`(containers|initContainers)\[\]\.securityContext\.runAsUser`), operators: ["tenth"], by: [restricted] },
  {
    place: inPods(String.raw`(containers|initContainers)\[\]\.securityContext\.readOnlyRootFilesystem`),
    by: ["kubernetes-container-enforce-read-only-root"],
  },
  {
    place: inServices(
      String.raw`containers\[\]\.(startupProbe|readinessProbe|livenessProbe)(\.(exec|exec\.command|httpGet|tcpSocket|periodSeconds|failureThreshold))?`,
    ),
    by: [probes],
  },
  {
    place: inServices(String.raw`containers\[\]\.(startupProbe|readinessProbe|livenessProbe)\.timeoutSeconds`),
    operators: ["removed", "tenfold"],
    by: [probes],
  },
  { place: inServices("terminationGracePeriodSeconds"), by: ["kubernetes-pod-configure-stop-grace"] },
  {
    place: inServices(String.raw`containers\[\]\.lifecycle\.preStop\.sleep\.seconds`),
    operators: ["tenfold"],
    by: ["kubernetes-pod-configure-stop-grace"],
  },
  { place: inPods("(automountServiceAccountToken|serviceAccountName)"), by: ["kubernetes-pod-disallow-token"] },
  {
    place: inPods(String.raw`volumes\[\]\.projected\.sources\[\]\.serviceAccountToken\.expirationSeconds`),
    operators: ["removed", "tenfold"],
    by: ["kubernetes-pod-disallow-token"],
  },
  { place: inPods(String.raw`volumes\[\]\.secret\.defaultMode`), by: ["kubernetes-pod-enforce-secret-file-mode"] },
  { place: inPods(String.raw`volumes\[secrets\]\.emptyDir(\.medium)?`), by: ["kubernetes-pod-enforce-secret-file-mode"] },
  { place: inPods("priorityClassName"), by: [priority] },
  { place: /^(Deployment|StatefulSet) spec\.template\.spec\.tolerations(\[\](\.(key|operator|effect))?)?$/, by: [whole] },
  {
    place:
      /^Deployment spec\.template\.spec\.affinity(\.nodeAffinity(\.\w+(\.nodeSelectorTerms(\[\](\.matchExpressions(\[\](\.operator)?)?)?)?)?)?)?$/,
    by: [whole],
  },
  {
    place: inServices(String.raw`topologySpreadConstraints(\[[^\]]*\](\.(labelSelector|labelSelector\.matchLabels(\.app)?|maxSkew|topologyKey))?)?`),
    by: [spread],
  },
  { place: inServices(String.raw`topologySpreadConstraints\[kubernetes\.io/hostname\]\.whenUnsatisfiable`), by: [spread] },
  { place: /^StatefulSet .*topologySpreadConstraints\[topology\.kubernetes\.io\/zone\]\.whenUnsatisfiable$/, by: [spread] },
  { place: inPods("restartPolicy"), by: ["kubernetes-job-configure-deadline"] },
  { place: /^(Job|CronJob) spec\.(jobTemplate\.spec\.)?(activeDeadlineSeconds|backoffLimit)$/, by: ["kubernetes-job-configure-deadline"] },
  { place: /^CronJob spec\.(timeZone|concurrencyPolicy|startingDeadlineSeconds)$/, by: [schedule] },
  { place: /^CronJob spec\.schedule$/, by: [tasks] },
  { place: /^CronJob .*\.containers\[\]\.args(\[\])?$/, by: [tasks] },
  {
    place: /^Deployment spec\.(progressDeadlineSeconds|strategy(\.type|\.rollingUpdate|\.rollingUpdate\.(maxSurge|maxUnavailable))?)$/,
    by: [rollout],
  },
  { place: /^(StatefulSet|DaemonSet) spec\.updateStrategy(\.type)?$/, by: [rollout] },
  { place: /^DaemonSet spec\.updateStrategy\.rollingUpdate\.maxUnavailable$/, operators: ["tenfold"], by: [rollout] },
  { place: /^(Deployment|StatefulSet) spec\.replicas$/, by: [scale, "kubernetes-workload-disallow-fixed-replicas"] },
  { place: /^StatefulSet spec\.persistentVolumeClaimRetentionPolicy(\.\w+)?$/, by: [claims] },
  {
    place: /^StatefulSet spec\.volumeClaimTemplates\[\]\.(spec(\.(storageClassName|resources(\.requests(\.storage)?)?))?|metadata(\.name)?)$/,
    by: [claims],
  },
  // Kubernetes: what stands around them.
  { place: /^HorizontalPodAutoscaler$/, by: [scale] },
  {
    place:
      /^HorizontalPodAutoscaler spec(\.(minReplicas|maxReplicas|scaleTargetRef(\.kind|\.name)?|metrics(\[\](\.resource(\.(name|target(\.(type|averageUtilization))?))?)?)?))?$/,
    by: [scale],
  },
  { place: /^HorizontalPodAutoscaler spec\.behavior\.scaleDown(\.policies(\[\](\.(type|value|periodSeconds))?)?)?$/, by: [scale] },
  { place: /^HorizontalPodAutoscaler spec\.behavior\.scaleDown\.stabilizationWindowSeconds$/, operators: ["tenth"], by: [scale] },
  { place: /^HorizontalPodAutoscaler spec\.behavior\.scaleUp\.policies(\[\](\.(type|value))?)?$/, by: [scale] },
  { place: /^HorizontalPodAutoscaler spec\.behavior\.scaleUp\.policies\[\]\.periodSeconds$/, operators: ["removed", "tenfold"], by: [scale] },
  { place: /^PodDisruptionBudget( spec(\.(maxUnavailable|unhealthyPodEvictionPolicy|selector(\.matchLabels(\.app)?)?))?)?$/, by: [budget] },
  { place: /^PriorityClass( value)?$/, by: [priority] },
  { place: /^PriorityClass globalDefault$/, operators: ["flipped"], by: [priority] },
  { place: /^Namespace protect$/, by: ["kubernetes-namespace-enable-protection"] },
  { place: /^Namespace metadata(\.labels(\.pod-security\.kubernetes\.io\/.*)?)?$/, by: ["kubernetes-namespace-enforce-pod-security"] },
  { place: /^NetworkPolicy spec(\.policyTypes(\[\])?)?$/, by: [openPeer] },
  { place: /^NetworkPolicy spec\.(ingress\[\]\.(from|ports)|egress\[\]\.(to|ports))$/, by: [openPeer] },
  { place: /^NetworkPolicy spec\.(ingress\[\]\.from|egress\[\]\.to)\[\]\.(podSelector|namespaceSelector)\.matchLabels(\..*)?$/, by: [openPeer] },
  { place: /^NetworkPolicy spec\.egress\[\]\.to\[\]\.ipBlock(\.except(\[\])?)?$/, by: [openPeer] },
  { place: /^ServiceAccount automountServiceAccountToken$/, by: ["kubernetes-pod-disallow-token"] },
  { place: /^HTTPRoute spec(\.hostnames(\[\])?)?$/, by: ["kubernetes-service-disallow-public-address"] },
  // AWS.
  {
    place:
      /^(Bucket|BucketPublicAccessBlock|BucketOwnershipControls|BucketVersioning|BucketServerSideEncryptionConfiguration|BucketPolicy|BucketLogging)$/,
    by: [privacy, lock],
  },
  { place: /^(BucketObjectLockConfiguration)$/, by: [lock] },
  { place: /^BucketLifecycleConfiguration( rules)?$/, by: [kept] },
  { place: /^(Bucket\w*|Key|Alias|Role|RolePolicy) protect$/, by: ["aws-vault-enable-protection"] },
  { place: /^BucketPublicAccessBlock (block|ignore|restrict)\w+$/, by: [privacy] },
  { place: /^(BucketOwnershipControls rule.*|BucketVersioning versioningConfiguration.*|BucketPolicy policy)$/, by: [privacy] },
  { place: /^BucketServerSideEncryptionConfiguration rules(\[\]\.applyServerSideEncryptionByDefault(\.sseAlgorithm)?)?$/, by: [privacy] },
  { place: /^BucketLogging targetBucket$/, by: [privacy] },
  { place: /^BucketObjectLockConfiguration rule(\.defaultRetention(\.mode)?)?$/, by: [lock] },
  { place: /^BucketObjectLockConfiguration rule\.defaultRetention\.days$/, operators: ["removed", "tenth"], by: [lock] },
  { place: /^BucketLifecycleConfiguration rules\[\]\.expiration\.days$/, operators: ["tenfold", "tenth"], by: [kept] },
  { place: /^BucketLifecycleConfiguration rules\[\]\.noncurrentVersionExpiration(\.noncurrentDays)?$/, by: [kept] },
  {
    place: /^BucketLifecycleConfiguration rules\[\]\.abortIncompleteMultipartUpload(\.daysAfterInitiation)?$/,
    operators: ["removed", "tenfold"],
    by: [kept],
  },
  { place: /^Key (enableKeyRotation|deletionWindowInDays)$/, by: ["aws-key-configure-rotation"] },
  // Docker.
  { place: /^Container$/, by: gone },
  { place: /^Container (cpus|memory|memorySwap|memoryReservation)$/, by: [table, "docker-container-enforce-limits"] },
  { place: /^Container (capabilities|capabilities\.drops|capabilities\.drops\[\])$/, by: ["docker-container-disallow-capabilities"] },
  { place: /^Container (destroyGraceSeconds|stopTimeout)$/, by: ["docker-container-configure-stop-grace"] },
  { place: /^Container healthcheck(\.(interval|timeout|retries))?$/, operators: ["removed", "tenfold"], by: [health] },
  { place: /^Container healthcheck\.(tests|startPeriod)$/, operators: ["removed", "tenfold"], by: [health] },
  { place: /^Container (logDriver|logOpts|logOpts\.max-file|logOpts\.max-size)$/, by: ["docker-container-configure-log-rotation"] },
  { place: /^Container ports\[\]\.ip$/, by: ["docker-container-disallow-public-port"] },
  { place: /^Container restart$/, by: ["docker-container-enforce-unlimited-restart"] },
  { place: /^Container securityOpts(\[\])?$/, by: ["docker-container-enforce-no-new-privileges"] },
  { place: /^Container user$/, by: ["docker-container-disallow-root-user"] },
  { place: /^Container labels\[dev\.ultrathink\.job\](\.(value|label))?$/, by: ["docker-container-enforce-unlimited-restart", table] },
  {
    place:
      /^Container labels\[dev\.ultrathink\.config\.(alertmanager|backup-plan|buckets|kafka-topics|kafka|loki|pg-hba|pgbackrest|prometheus-rules|prometheus|redis|sql)\]/,
    by: readers,
  },
  { place: /^Container labels\[dev\.ultrathink\.config\.crontab\]/, by: [tasks, backups] },
  { place: /^Container uploads\[\/run\/secrets\/.*\]\.permissions$/, by: ["docker-container-enforce-secret-file-mode"] },
  { place: /^Container volumes\[\]\.readOnly$/, by: ["docker-container-disallow-host-path", "volume-disallow-second-writer"] },
  { place: /^Container volumes\[\]\.volumeName$/, by: ["docker-stack-disallow-undeclared-volume"] },
  { place: /^RemoteImage name$/, by: ["image-disallow-floating-version"] },
  { place: /^Volume$/, by: ["docker-stack-disallow-undeclared-volume"] },
  { place: /^Volume protect$/, by: ["docker-volume-enable-protection"] },
  // Both: command lines and environments.
  { place: /(command|args)\[--storage\.tsdb\.retention\.(size|time)\]$/, by: ["prometheus-enforce-retention"] },
  {
    place:
      /(command|args)\[(max_connections|shared_buffers|effective_cache_size|work_mem|maintenance_work_mem|idle_in_transaction_session_timeout|shared_preload_libraries|max_wal_size|checkpoint_timeout|max_worker_processes|max_locks_per_transaction|password_encryption)\]$/,
    by: [settings],
  },
  { place: /(command|args)\[(archive_mode|archive_command)\]$/, by: [archiving] },
  { place: /(command|args)\[archive_timeout\]$/, operators: ["removed", "tenfold"], by: [archiving] },
  { place: /(command|args)\[(ssl|hba_file)\]$/, by: [databaseTls] },
  { place: /envs?\[PGSSLMODE\]$/, by: [databaseTls] },
  { place: /envs?\[(BATCH_SIZE|TRAINING_BATCH_SIZE|LEARNING_RATE|EWC_LAMBDA)\](\.value)?$/, by: ["workload-enforce-settings"] },
  // Both: config files, as a whole and inside.
  {
    place:
      /^ConfigMap( data(\.(alertmanager\.yml|backup-crontab|backup\.json|buckets\.json|database\.sql|kafka-\d\..*|loki\.yaml|pg_hba\.conf|pgbackrest\.conf|prometheus\.yml|redis\.conf|topics\.json|(availability|backups|data|kafka|observability|resources|workloads)\.yml))?)?$/,
    by: readers,
  },
  {
    place: /^file:kafka (auto\.create|broker\.id|default\.replication|log\.retention|min\.insync|offsets\.topic|transaction\.state|unclean)/,
    by: [durability],
  },
  { place: /^file:kafka (listeners|listener\.security\.protocol\.map|sasl\..*)$/, by: [saslSsl] },
  { place: /^file:kafka-topics \[[^\]]*\](\.(name|partitions|replicationFactor))?$/, by: [topics] },
  { place: /^file:redis (maxmemory|maxmemory-policy|save|appendonly)$/, by: ["redis-enforce-memory-headroom"] },
  { place: /^file:redis include$/, by: [redisPassword] },
  {
    place: /^file:loki (compactor(\.(delete_request_store|retention_enabled))?|limits_config(\.retention_period)?)$/,
    by: ["loki-enforce-retention"],
  },
  { place: /^file:zookeeper (4lw|autopurge\.(purgeInterval|snapRetainCount))/, by: ["zookeeper-enforce-autopurge"] },
  { place: /^file:sql /, by: [tableDays] },
  { place: /^file:pg-hba /, operators: ["opened"], by: [databaseTls] },
  {
    place: /^file:pgbackrest repo1-(cipher-type|retention-full-type|s3-bucket|s3-key-type|storage-ca-file|type)$/,
    by: ["pgbackrest-enforce-encryption"],
  },
  { place: /^file:pgbackrest repo1-retention-full$/, operators: ["removed", "tenth"], by: ["pgbackrest-enforce-encryption"] },
  { place: /^file:backup-plan (jobs(\[[^\]]*\](\.(bucket|kind|name|schedule))?)?|vault(\.(bucket|endpoint|unlockedBucket))?)$/, by: [backups] },
  { place: /^file:backup-plan jobs\[[^\]]*\]\.keep(\.\w+)?$/, operators: ["removed", "tenth"], by: [backups] },
  { place: /^file:backup-plan jobs\[[^\]]*\]\.maxAgeSeconds$/, operators: ["removed", "tenfold"], by: [backups] },
  { place: /^file:crontab backup /, by: [backups] },
  { place: /^file:crontab workload /, by: [tasks] },
  { place: /^file:buckets (buckets|(buckets)?\[[^\]]*\](\.(name|versioning|lock|lock\.mode))?)$/, by: [lock] },
  { place: /^file:buckets buckets\[[^\]]*\]\.lock\.days$/, operators: ["removed", "tenth"], by: [lock] },
  { place: /^file:buckets buckets\[[^\]]*\]\.policy\.Statement\[\]\.Principal(\.AWS)?$/, by: [lock] },
  { place: /^file:prometheus-rules groups(\[\](\.rules)?)?$/, by: [alerts] },
  {
    place:
      /^file:prometheus-rules groups\[\]\.rules\[\w+\](\.(alert|expr|expr number|annotations|annotations\.\w+|labels|labels\.(severity|priority)|for))?$/,
    by: [alerts],
  },
  {
    place:
      /^file:prometheus (global(\.(scrape_interval|evaluation_interval))?|rule_files(\[\])?|alerting(\.alertmanagers.*)?|scrape_configs(\[[^\]]*\](\.job_name)?)?)$/,
    by: [scrape],
  },
  {
    place: /^file:alertmanager (route(\.routes(\[\](\.(receiver|matchers.*|routes(\[\](\.(matchers.*))?)?))?)?)?|receivers(\[[^\]]*\](\.name)?)?)$/,
    by: [escalation],
  },
  { place: /^file:alertmanager route\.routes\[\]\.routes\[\]\.(group_wait|repeat_interval)$/, operators: ["removed", "tenfold"], by: [escalation] },
  { place: /^file:alertmanager route(\.routes\[\])?\.repeat_interval$/, operators: ["removed", "tenfold"], by: [escalation] },
  { place: /^file:alertmanager inhibit_rules\[\]\.(equal|source_matchers(\[[^\]]*\])?|target_matchers(\[[^\]]*\])?)$/, by: [escalation] },
];

const wiring = "says what something is called or where it is reached: a service that is wired wrongly does not become healthy, and `up` fails";
const narrower = "allows less: what needed it does not become healthy, and `up` fails";
const stricter = "stricter than the runbook asks, and nothing rests on the difference";
const byDefault = "is the default";
const tuning = "tunes how fast something works; no runbook gives it a number, and nothing is lost by another";
const ownFile = "a file that a service needs to start: without it, it does not become healthy, and `up` fails";

/** Changes of one resource that differ from what the same change means elsewhere. They go before the expectations. */
export const exempt: (Equivalent & { resource: RegExp })[] = [
  {
    place: /^Volume protect$/,
    resource: /./,
    reason: "the stacks on Docker are disposable: `purge` deletes their volumes, and their profile lowers the rule to advisory",
  },
  {
    place: /^Container user$/,
    resource: /^Container (alloy|cadvisor|object-store|vault|dcgm-exporter)$/,
    reason: "the exception table lets it be root",
  },
  { place: /^Container healthcheck/, resource: /^Container loki-canary$/, reason: "the exception table lets Prometheus ask it" },
  {
    place: /^Container restart$/,
    resource: /^Container (object-store-buckets|timescaledb-schema|kafka-topics|vault-buckets)$/,
    operators: ["removed"],
    reason: byDefault,
  },
  { place: /^file:redis appendonly$/, resource: /^(Container redis|ConfigMap redis-redis.*)$/, operators: ["removed"], reason: byDefault },
  { place: /^file:redis (save|maxmemory-policy)$/, resource: /redis-queue/, operators: ["removed"], reason: byDefault },
  {
    place: /^ConfigMap( data)?$/,
    resource: /-(certificate|script|alloy|blackbox|jmx|grafana-provisioning|grafana-dashboard|account|zookeeper)$/,
    reason: ownFile,
  },
  {
    place: /^Bucket(LifecycleConfiguration|Logging|ServerSideEncryptionConfiguration)?( |$)(?!protect)/,
    resource: /logs$/,
    reason: "who asked for what, kept as long as the declaration says: no runbook gives it a number, and S3 writes it with its own key",
  },
  {
    place: /^file:kafka (listeners|listener\.security\.protocol\.map)$/,
    resource: /^Container /,
    reason: "on Docker the network is the stack's own; a broker without its listeners does not become healthy, and `up` fails",
  },
  { place: /^CronJob .*activeDeadlineSeconds$/, resource: /./, operators: ["tenth"], reason: stricter },
  { place: /^file:zookeeper autopurge\.purgeInterval$/, resource: /./, operators: ["tenth"], reason: stricter },
  { place: /^PriorityClass value$/, resource: /-data$/, operators: ["tenfold"], reason: "the first of the order stays where it is" },
  { place: /^PriorityClass value$/, resource: /-training$/, operators: ["tenth"], reason: "the last of the order stays where it is" },
  {
    place: /affinity/,
    resource: /^Deployment (?!meta-controller|inference-service|training-orchestrator)/,
    reason: "a wish beside the binding constraints",
  },
];

export const equivalents: Equivalent[] = [
  // AWS.
  { place: /^(Bucket\w*|Key|Alias|RolePolicy) (tags.*|bucket.*|name|targetPrefix|role|description|targetKeyId.*)$/, reason: wiring },
  { place: /^(Alias|Key|RolePolicy|Role|RolePolicyAttachment)$/, reason: narrower },
  { place: /^(Key|RolePolicy) policy$/, reason: narrower },
  { place: /^Role (assumeRolePolicy|name|description|tags.*)$/, reason: narrower },
  { place: /^Bucket objectLockEnabled$/, reason: "AWS refuses the lock's configuration without it" },
  { place: /^BucketServerSideEncryptionConfiguration rules\[\]/, reason: wiring },
  { place: /^BucketLifecycleConfiguration rules\[\]/, reason: stricter },
  { place: /^BucketObjectLockConfiguration .*days$/, operators: ["tenfold"], reason: stricter },
  // What is called or reached how.
  { place: /(apiVersion|kind)$/, operators: ["removed"], reason: "the provider gives every object its own" },
  { place: /^(?!Namespace)\w+ metadata/, reason: wiring },
  { place: /^Namespace( metadata\.(name|annotations.*|labels\.app.*|labels\.kube.*))?$/, reason: wiring },
  { place: /^(\w+) spec(\.jobTemplate)?(\.spec)?(\.template)?\.metadata/, reason: wiring },
  { place: /\.(containers|initContainers)\[[^\]]*\]\.(name|ports.*|command.*|args.*|env.*|imagePullPolicy)$/, reason: wiring },
  { place: /\.(containers|initContainers)\[\]$/, reason: wiring },
  { place: /\.initContainers$/, reason: "copies the secrets: without it the service does not start" },
  { place: /(exec\.command\[[^\]]*\]|httpGet\.(path|port)|tcpSocket\.port)$/, reason: wiring },
  { place: /Probe\.timeoutSeconds$/, operators: ["tenth"], reason: stricter },
  { place: /\.volumeMounts/, reason: wiring },
  { place: /\.volumes(\[\])?(\.name|\.configMap.*|\.hostPath.*|\.projected.*|\.secret(\.secretName)?|\.emptyDir)?$/, reason: wiring },
  { place: /\.emptyDir\.(sizeLimit|medium)$/, reason: tuning },
  { place: /\.volumes\[secrets\](\.name)?$/, reason: wiring },
  {
    place:
      /spec\.(selector|serviceName|podManagementPolicy|ordinals|revisionHistoryLimit|successfulJobsHistoryLimit|failedJobsHistoryLimit|jobTemplate\.metadata)/,
    reason: wiring,
  },
  { place: /\.(enableServiceLinks|subdomain|hostname)$/, reason: wiring },
  { place: /volumeClaimTemplates(\[\](\.(apiVersion|kind|metadata\.labels.*|spec\.(accessModes.*|volumeMode)))?)?$/, reason: wiring },
  {
    place: /securityContext(\.(fsGroup|fsGroupChangePolicy|runAsGroup))?$/,
    reason: "says which group a volume is handed to; the container's own settings hold",
  },
  { place: /\.template\.spec\.securityContext\./, reason: "every container says the same for itself" },
  {
    place: /securityContext\.(privileged|runAsNonRoot|runAsUser|seccompProfile.*)$/,
    operators: ["removed"],
    reason: "the pod says the same for all of its containers, or it is the default",
  },
  { place: /securityContext\.runAsUser$/, operators: ["tenfold"], reason: "another user, and as little anybody on the host" },
  { place: /topologySpreadConstraints\[[^\]]*\]\.(matchLabelKeys.*)$/, reason: "says whether a roll-out counts the pods that it replaces" },
  { place: /topologySpreadConstraints\[topology\.kubernetes\.io\/zone\]\.whenUnsatisfiable$/, reason: "a wish either way" },
  { place: /affinity(\.podAntiAffinity.*)?$/, reason: "a wish beside the binding constraints" },
  { place: /nodeSelectorTerms\[\]\.matchExpressions\[\]\.(key|values.*)$/, reason: wiring },
  { place: /^DaemonSet .*\.(tolerations|affinity)/, reason: wiring },
  { place: /\.lifecycle(\.preStop(\.(exec.*|sleep|sleep\.seconds))?)?$/, reason: "ends a little sooner, within the same time to stop" },
  { place: /serviceAccountToken\.expirationSeconds$/, operators: ["tenth"], reason: stricter },
  { place: /^DaemonSet spec\.updateStrategy\.rollingUpdate/, reason: byDefault },
  { place: /^CronJob spec\.jobTemplate$/, reason: wiring },
  { place: /^(Service|Secret|ServiceAccount)( |$)/, reason: wiring },
  { place: /^ConfigMap (immutable|data\..*)$/, reason: ownFile },
  { place: /^(Role|RoleBinding|ClusterRole|ClusterRoleBinding)( |$)/, reason: narrower },
  { place: /^NetworkPolicy$/, reason: narrower },
  { place: /^NetworkPolicy spec\.(podSelector.*|ingress(\[\])?|egress(\[\])?)$/, reason: narrower },
  { place: /^NetworkPolicy .*\.(from|to)\[\](\.(podSelector|namespaceSelector|ipBlock\.cidr))?$/, reason: narrower },
  { place: /^NetworkPolicy .*\.ports\[\](\.\w+)?$/, reason: narrower },
  { place: /^HTTPRoute/, reason: wiring },
  { place: /^HorizontalPodAutoscaler spec\.(metrics\[\]\.type|scaleTargetRef\.apiVersion)$/, reason: wiring },
  { place: /^HorizontalPodAutoscaler spec\.behavior(\.(scaleUp|scaleDown)(\.(selectPolicy|stabilizationWindowSeconds))?)?$/, reason: byDefault },
  { place: /^HorizontalPodAutoscaler .*scaleUp\.policies\[\]\.periodSeconds$/, operators: ["tenth"], reason: "comes sooner" },
  { place: /^PriorityClass (description|preemptionPolicy|globalDefault)/, reason: byDefault },
  // Docker.
  {
    place:
      /^Container (name|hostname|networksAdvanced.*|init|attach|mustRun|image.*|entrypoints.*|command.*|envs.*|groupAdds.*|shmSize|tmpfs.*|stopSignal|ports.*|volumes.*)$/,
    reason: wiring,
  },
  {
    place:
      /^Container (labels(\[(app\.kubernetes|com\.docker|dev\.ultrathink\.(stack|vault|startup|left-out|probed-by|config\.(alloy|blackbox|grafana-dashboard|grafana-provisioning|jmx|script|zookeeper|account)))[^\]]*\].*)?)$/,
    reason: wiring,
  },
  { place: /^Container uploads/, reason: ownFile },
  { place: /^Container capabilities\.adds/, reason: narrower },
  { place: /^Container healthcheck/, reason: stricter },
  { place: /^Container (readOnly)$/, reason: "Docker cannot upload into a read-only root, and what has no uploads is judged by the rule for it" },
  { place: /^Container logOpts\.labels$/, reason: wiring },
  { place: /^(Network|Volume)( |$)/, reason: wiring },
  { place: /^RemoteImage( keepLocally)?$/, reason: wiring },
  // Config files.
  { place: /^file:kafka (advertised|inter\.broker|log\.dirs|ssl\.(keystore|truststore)|zookeeper\.connect|controlled\.shutdown)/, reason: wiring },
  { place: /^file:kafka num\./, reason: tuning },
  { place: /^file:kafka-topics .*\.config$/, reason: byDefault },
  { place: /^file:zookeeper (admin|clientPort|data|initLimit|maxClient|server|syncLimit|tickTime)/, reason: wiring },
  { place: /^file:redis (aof|appendfsync|dir|lazyfree|maxclients|tcp-keepalive)/, reason: tuning },
  {
    place: /^file:loki (analytics|auth|common|ingester|querier|query_range|schema_config|server|limits_config\.|compactor\.working)/,
    reason: tuning,
  },
  {
    place: /^file:pgbackrest (compress|log-level|pg1|process-max|repo1-(bundle|path|s3-(endpoint|region|uri)|storage-port)|start-fast)/,
    reason: wiring,
  },
  { place: /^file:pg-hba /, operators: ["removed"], reason: narrower },
  { place: /^file:pgbackrest repo1-retention-full$/, operators: ["tenfold"], reason: stricter },
  { place: /^file:backup-plan (database|kafka|mlflow|objectStore|redis|system|version|expire|restoreTest|vault\.)/, reason: wiring },
  { place: /^file:backup-plan jobs\[[^\]]*\]\.(keep.*|maxAgeSeconds)$/, reason: stricter },
  { place: /^file:buckets (endpoint|region|version)/, reason: wiring },
  { place: /^file:buckets buckets\[[^\]]*\]\.policy(\.(Version|Statement(\[\](\.(Action.*|Effect|Resource|Sid))?)?))?$/, reason: narrower },
  { place: /^file:buckets .*lock\.days$/, operators: ["tenfold"], reason: stricter },
  { place: /^file:prometheus-rules groups\[\]\.(name|rules\[\w+\]\.labels\.(system|service))$/, reason: wiring },
  {
    place: /^file:prometheus (global\.scrape_timeout|scrape_configs\[[^\]]*\]\.)/,
    reason: "a target that is not read fires TargetMissing or ServiceDown",
  },
  { place: /^file:alertmanager route(\.routes\[\])*\.(group_interval|group_wait|repeat_interval|group_by.*|receiver)$/, reason: stricter },
  { place: /^file:alertmanager inhibit_rules(\[\])?(\.equal\[[^\]]*\])?$/, reason: "hides less" },
];
