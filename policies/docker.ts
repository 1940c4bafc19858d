import type { PolicyResource, ResourceValidation, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { reporter } from "./report";
import { known, ofOneType } from "./rule";

/** Type tokens of the Docker provider. Rules match on them, so that the pack starts without loading the provider's SDK. */
export const CONTAINER = "docker:index/container:Container";
export const IMAGE = "docker:index/remoteImage:RemoteImage";
export const NETWORK = "docker:index/network:Network";
export const VOLUME = "docker:index/volume:Volume";

interface Label {
  label: string;
  value: string;
}

export interface Upload {
  file: string;
  /** Plain text; unknown in a preview when it comes from another resource. */
  content?: string;
  /** Octal mode such as "0440". */
  permissions?: string;
  /** User that owns the file. */
  owner?: string;
}

/**
 * The Docker provider's container inputs that the rules read. Memory is in MiB, `cpus` a decimal string. A rule about the whole stack sees the
 * outputs instead, in which the plugin writes what is not set as null, an empty text or an empty list.
 */
export interface Container {
  name?: string;
  image?: string;
  entrypoints?: string[];
  command?: string[];
  /** `KEY=value`. */
  envs?: string[];
  labels?: Label[];
  user?: string;
  /** Groups of the user beside its own, by number or name. */
  groupAdds?: string[];
  cpus?: string;
  memory?: number;
  memorySwap?: number;
  memoryReservation?: number;
  gpus?: string | null;
  deviceRequests?: { count?: number; deviceIds?: string[] }[];
  healthcheck?: { tests?: string[]; interval?: string; timeout?: string; retries?: number; startPeriod?: string };
  uploads?: Upload[];
  ports?: { internal: number; external?: number; ip?: string }[];
  publishAllPorts?: boolean;
  volumes?: { volumeName?: string; hostPath?: string; containerPath?: string; readOnly?: boolean }[];
  mounts?: { type: string; source?: string; target: string; readOnly?: boolean }[];
  logDriver?: string;
  logOpts?: Record<string, string>;
  securityOpts?: string[];
  capabilities?: { adds?: string[]; drops?: string[] };
  privileged?: boolean;
  pidMode?: string;
  ipcMode?: string;
  networkMode?: string;
  usernsMode?: string;
  readOnly?: boolean;
  restart?: string;
  maxRetryCount?: number;
  /** Seconds that Docker itself gives, and those that the provider gives. */
  stopTimeout?: number;
  destroyGraceSeconds?: number;
}

/** A container under judgement. */
interface Subject {
  /** Container name as Docker shows it. */
  name: string;
  props: Container;
  args: ResourceValidationArgs;
  /** Reports a violation. Says what was found, what is allowed and how to mend it; never a value that could be a secret. */
  violation(found: string, mend: string): void;
}

/** Name of the container in Docker; the logical name while Docker's is unknown. */
export function containerName(resource: { name: string; props: Container }): string {
  return known(() => resource.props.name) ?? resource.name;
}

/** A resource's label, absent when it has none of that name. */
export function label(props: { labels?: Label[] }, name: string): string | undefined {
  return props.labels?.find(entry => entry.label === name)?.value;
}

/** A task that runs to its end and has no health of its own. */
export function isJob(props: Container): boolean {
  return label(props, "dev.ultrathink.job") === "true";
}

/** Something from outside that a container mounts. */
interface Mount {
  kind: "volume" | "host";
  /** Volume name or path of the host; empty for a volume without a name, `undefined` while a preview does not know it. */
  source: string | undefined;
  /** Path in the container. */
  target: string;
  readOnly: boolean;
}

/** Everything that a container mounts by the provider's two ways, `volumes` and `mounts`. */
export function mountsOf(props: Container): Mount[] {
  const volumes = (props.volumes ?? []).map(volume => {
    // The plugin fills what is not set with empty texts before a rule about the whole stack sees it.
    const source = volume.hostPath || known(() => volume.volumeName ?? "");
    // A volume "name" that is a path is a path of the host to Docker.
    return {
      kind: source?.startsWith("/") ? "host" : "volume",
      source,
      target: volume.containerPath ?? "",
      readOnly: volume.readOnly === true,
    } as const;
  });
  const mounts = (props.mounts ?? [])
    .filter(({ type }) => type !== "tmpfs")
    .map(mount => {
      const kind = mount.type === "bind" ? "host" : "volume";
      return { kind, source: known(() => mount.source ?? ""), target: mount.target, readOnly: mount.readOnly === true } as const;
    });
  return [...volumes, ...mounts];
}

/** Texts of the uploaded config files of a kind, found by the label `dev.ultrathink.config.<kind>=<path>[,<path>…]`. */
export function configs(props: Container, kind: string): { path: string; content: string | undefined }[] {
  const paths = (label(props, `dev.ultrathink.config.${kind}`) ?? "").split(",").filter(path => path !== "");
  return paths.map(path => ({ path, content: props.uploads?.find(upload => upload.file === path)?.content }));
}

/** Applies a check to containers and to nothing else. */
export function onContainers(check: (subject: Subject) => void): ResourceValidation {
  return ofOneType(CONTAINER, (args, report) => {
    if (args.type !== CONTAINER) args.notApplicable(`judges ${CONTAINER} only`);
    const props = args.props as Container;
    const name = containerName(args);
    check({ name, props, args, violation: reporter("container", name, report) });
  });
}

/** All resources of a type in a stack. */
export function ofType(args: StackValidationArgs, type: string): PolicyResource[] {
  return args.resources.filter(resource => resource.type === type);
}
