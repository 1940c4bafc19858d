import { atLeast, bool, int, list, map, matches, object, replaces, required, set, string, type Property } from "../../bridge/schema";
import { parse } from "../duration";
import { labels, stringSet, strings } from "../labels";
import { samePorts } from "./ports";

const replacing = { ...replaces };
const computed = { ...replaces, computed: true } as const;
const both = { ...required, ...replaces } as const;

/** An empty string asks for Docker's default: never a change. */
const emptyIsDefault = { same: (before: unknown, after: unknown) => after === undefined || after === "" || before === after };

const duration: Property = string({
  default: "0s",
  rule: { test: value => (parse(value) ?? -1) >= 0, says: 'a duration that is not negative, such as "15s" or "1m0s"' },
});

/**
 * The properties of `docker.Container`, with what the plugin's source says of each. Note what does not replace: a change of
 * `healthcheck`, `init` or `tmpfs` is accepted as an update that changes nothing in the running container.
 */
export const containerSchema = {
  name: string(replacing),
  image: string(both),
  command: strings(computed),
  entrypoints: strings(computed),
  envs: stringSet(computed),
  labels: labels(computed),
  user: string({ ...replacing, ...emptyIsDefault }),
  workingDir: string({ ...replacing, ...emptyIsDefault }),
  hostname: string(computed),
  networkMode: string({ ...replacing, default: "bridge" }),
  networksAdvanced: set(object({ name: string(required), aliases: stringSet(), ipv4Address: string(), ipv6Address: string() }), replacing),
  hosts: set(object({ host: string(required), ip: string(required) }), replacing),
  ports: list(
    object({
      internal: int(required),
      external: int({ computed: true }),
      ip: string({ default: "0.0.0.0" }),
      protocol: string({ default: "tcp" }),
    }),
    { ...replacing, same: samePorts },
  ),
  volumes: set(
    object({
      volumeName: string(),
      hostPath: string(matches(/^([a-zA-Z]:[\\/]|\/)/, "an absolute path")),
      containerPath: string(),
      fromContainer: string(),
      readOnly: bool(),
      selinuxRelabel: string(matches(/^[zZ]$/, "z or Z")),
    }),
    replacing,
  ),
  mounts: set(
    object({
      type: string({ ...required, ...matches(/^(bind|volume|tmpfs)$/, "bind, volume or tmpfs") }),
      target: string(required),
      source: string(),
      readOnly: bool(),
      bindOptions: object({
        propagation: string(matches(/^r?(private|shared|slave)$/, "private, rprivate, shared, rshared, slave or rslave")),
      }),
      volumeOptions: object({
        noCopy: bool(),
        labels: labels({}),
        driverName: string(),
        driverOptions: map(),
        subpath: string(),
      }),
      tmpfsOptions: object({ sizeBytes: int(), mode: int() }),
    }),
    replacing,
  ),
  uploads: set(
    object({
      file: string(required),
      content: string(),
      contentBase64: string(matches(/^[A-Za-z0-9+/]*={0,2}$/, "base64")),
      source: string(),
      sourceHash: string(),
      executable: bool({ default: false }),
      permissions: string(matches(/^0[0-7]{3}$/, "four octal digits such as 0400")),
      owner: string(),
      group: string(),
    }),
    replacing,
  ),
  tmpfs: map(),
  shmSize: int({ ...computed, ...atLeast(0) }),
  memory: int(atLeast(0)),
  memoryReservation: int({ default: 0, ...atLeast(0) }),
  memorySwap: int(atLeast(-1)),
  cpus: string(replacing),
  cpuShares: int(atLeast(0)),
  cpuSet: string(matches(/^\d+([,-]\d+)*$/, "CPU numbers such as 0-1 or 0,2")),
  restart: string({ default: "no", ...matches(/^(no|on-failure|always|unless-stopped)$/, "no, on-failure, always or unless-stopped") }),
  maxRetryCount: int(),
  mustRun: bool({ default: true }),
  start: bool({ default: true }),
  rm: bool({ default: false }),
  attach: bool({ default: false }),
  logs: bool({ default: false }),
  wait: bool({ default: false }),
  waitTimeout: int({ default: 60 }),
  init: bool({ computed: true }),
  stopSignal: string(computed),
  stopTimeout: int(computed),
  destroyGraceSeconds: int(),
  removeVolumes: bool({ default: true }),
  capabilities: object({ adds: stringSet(), drops: stringSet() }, replacing),
  securityOpts: stringSet(computed),
  readOnly: bool({ ...replacing, default: false }),
  privileged: bool(replacing),
  healthcheck: object(
    {
      tests: strings(),
      interval: duration,
      timeout: duration,
      startPeriod: duration,
      startInterval: duration,
      retries: int({ default: 0, ...atLeast(0) }),
    },
    { computed: true },
  ),
  logDriver: string(computed),
  logOpts: map(replacing),
  devices: set(object({ hostPath: string(required), containerPath: string(), permissions: string({ default: "rwm" }) }), replacing),
  deviceRequests: set(
    object({
      driver: string({ default: "cdi" }),
      count: int({ default: 0 }),
      deviceIds: stringSet(),
      capabilities: stringSet(),
      options: map(),
    }),
    replacing,
  ),
  gpus: string({ ...replacing, ...matches(/^\s*["']?(all|device=[^"']+)["']?\s*$/, '"all" or "device=<id[,id…]>"') }),
  ulimits: set(object({ name: string(required), soft: int(required), hard: int(required) }), replacing),
  sysctls: map(replacing),
  pidMode: string(replacing),
  groupAdds: stringSet(replacing),
} satisfies Record<string, Property>;

/** What the plugin knows beyond that and the stacks do not use. */
export const unimplemented = [
  ...["cgroupParent", "cgroupnsMode", "containerReadRefreshTimeoutMilliseconds", "cpuPeriod", "cpuQuota", "deviceCgroupRules"],
  ...["deviceReadBps", "deviceReadIops", "deviceWriteBps", "deviceWriteIops", "dns", "dnsOpts", "dnsSearches", "domainname"],
  ...["ipcMode", "platform", "publishAllPorts", "runtime", "stdinOpen", "storageOpts", "tty", "usernsMode"],
];
