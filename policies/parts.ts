import type { PolicyResource, ReportViolation, StackValidationArgs } from "@pulumi/policy";
import { books, type Book, type Row } from "./books";
import { CONTAINER, configs, containerName, isJob, type Container as DockerContainer } from "./docker";
import {
  CONFIG_MAP,
  CRON_JOB,
  DAEMON_SET,
  STATEFUL_SET,
  appOf,
  isTask,
  kindOf,
  nameOf,
  templateOf,
  type Container,
  type PodSpec,
} from "./kubernetes";
import { parseCrontab } from "./parsers/backup-plan";
import { quantity } from "./parsers/quantity";
import { reporter } from "./report";
import { known } from "./rule";

/** A text file of configuration. */
export interface ConfigFile {
  path: string;
  /** `undefined` where it is not there as plain text. */
  content: string | undefined;
}

/** Something that runs in a stack, in no platform's words: a service of the resource table, or a task that ends. */
export interface Part {
  /** Name in the resource table; a replica of a group by its own name, such as `kafka-2`. */
  name: string;
  platform: "docker" | "kubernetes";
  task: boolean;
  /** One on every node, which it looks at. */
  perNode: boolean;
  /** Book of the project, and its row of this name. */
  book?: Book;
  row?: Row;
  /** Cores; MiB. */
  cpu?: number;
  memory?: number;
  reserved?: number;
  image?: string;
  /** Whole command line, entry point included. */
  command: string[];
  env: Record<string, string>;
  /** Config files of a kind, such as `redis` or `prometheus-rules`. */
  files(kind: string): ConfigFile[];
  /** Whether a file lies at this path, whatever is in it. */
  hasFile(path: string): boolean;
  /** The platform's own inputs, for what only one of them can do. */
  container?: DockerContainer;
  resources?: Container["resources"];
  /** Reports a violation. Never a value that could be a secret. */
  violation(found: string, mend: string): void;
}

/** Stack name in a URN. */
export const stackOf = (urn: string): string => urn.split("::")[0]!.slice("urn:pulumi:".length);

/** Project name in a URN, `urn:pulumi:<stack>::<project>::<type>::<name>`. */
export const projectOf = (urn: string): string => urn.split("::")[1]!;

const bookOf = (urn: string, name: string): { book?: Book; row?: Row } => {
  const ofProject = books.filter(({ project }) => project === projectOf(urn));
  const book = ofProject.find(({ rows }) => rows.some(({ service }) => service === name)) ?? ofProject[0];
  return { book, row: book?.rows.find(({ service }) => service === name) };
};

const mebibytes = (text: string | undefined) => {
  const bytes = quantity(text);
  return bytes === undefined ? undefined : bytes / 2 ** 20;
};

const entries = (pairs: string[]) => Object.fromEntries(pairs.map(pair => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));

function dockerPart(resource: PolicyResource, report: ReportViolation): Part {
  const props = resource.props as DockerContainer;
  const container = containerName({ name: resource.name, props });
  const prefix = books.find(({ project }) => project === projectOf(resource.urn))?.containerPrefix ?? "";
  const name = container.startsWith(prefix) ? container.slice(prefix.length) : container;
  return {
    name,
    platform: "docker",
    task: isJob(props),
    perNode: false,
    ...bookOf(resource.urn, name),
    cpu: props.cpus ? Number(props.cpus) : undefined,
    memory: props.memory,
    reserved: props.memoryReservation,
    image: known(() => props.image),
    command: [...(props.entrypoints ?? []), ...(props.command ?? [])],
    env: entries(props.envs ?? []),
    files: kind => configs(props, kind),
    hasFile: path => (props.uploads ?? []).some(({ file }) => file === path),
    container: props,
    violation: reporter("container", container, report, resource.urn),
  };
}

/** Names of the pods that a controller runs as parts of the table: the members of a group, or the service itself. */
function memberNames(resource: PolicyResource, book: Book | undefined): string[] {
  const name = appOf(resource);
  return (resource.type === STATEFUL_SET && book?.groups?.[name]) || [name];
}

/** Config files that a container mounts from the stack's ConfigMaps. */
function mountedFiles(spec: PodSpec, container: Container, pod: string, kind: string, maps: Map<string, PolicyResource>): ConfigFile[] {
  return (container.volumeMounts ?? []).flatMap(({ name, mountPath, subPath, subPathExpr }) => {
    const map = maps.get(spec.volumes?.find(volume => volume.name === name)?.configMap?.name ?? "");
    const key = subPath ?? subPathExpr?.replace("$(POD_NAME)", pod);
    if (map?.props["metadata"]?.labels?.["ultrathink.dev/config-kind"] !== kind || key === undefined) return [];
    return [{ path: mountPath, content: map.props["data"]?.[key] as string | undefined }];
  });
}

function kubernetesParts(resource: PolicyResource, report: ReportViolation, maps: Map<string, PolicyResource>): Part[] {
  const spec = templateOf(resource)?.spec ?? {};
  const { book } = bookOf(resource.urn, appOf(resource));
  return memberNames(resource, book).flatMap(pod =>
    (spec.containers ?? []).map((container, index): Part => {
      const name = index === 0 ? pod : container.name;
      const { limits, requests } = container.resources ?? {};
      const violation = reporter(kindOf(resource.type), nameOf(resource), report, resource.urn);
      return {
        name,
        platform: "kubernetes",
        task: isTask(resource.type),
        perNode: resource.type === DAEMON_SET,
        ...bookOf(resource.urn, name),
        cpu: quantity(limits?.["cpu"]),
        memory: mebibytes(limits?.["memory"]),
        reserved: mebibytes(requests?.["memory"]),
        image: container.image,
        command: [...(container.command ?? []), ...(container.args ?? [])],
        env: Object.fromEntries((container.env ?? []).flatMap(({ name: key, value }) => (value === undefined ? [] : [[key, value]]))),
        files: kind => mountedFiles(spec, container, pod, kind, maps),
        hasFile: path => (container.volumeMounts ?? []).some(({ mountPath }) => mountPath === path),
        resources: container.resources,
        violation: (found, mend) => violation(`container ${container.name}: ${found}`, mend),
      };
    }),
  );
}

/** Everything that a stack runs, whichever platform runs it. */
export function partsOf(args: Pick<StackValidationArgs, "resources">, report: ReportViolation): Part[] {
  const maps = new Map(args.resources.filter(({ type }) => type === CONFIG_MAP).map(map => [nameOf(map), map]));
  return args.resources.flatMap(resource => {
    if (resource.type === CONTAINER) return [dockerPart(resource, report)];
    return resource.type.startsWith("kubernetes:") && templateOf(resource) ? kubernetesParts(resource, report, maps) : [];
  });
}

/** Services of a stack that its book knows, by name; with several books of one project (a vault has its own) all of theirs. */
export function servicesOf(args: Pick<StackValidationArgs, "resources">, report: ReportViolation): Map<string, Part> {
  return new Map(
    partsOf(args, report)
      .filter(({ task }) => !task)
      .map(part => [part.name, part]),
  );
}

/** Something that the clock starts. */
interface Scheduled {
  name: string;
  schedule: string;
  command: string;
}

/** What the clock starts in a stack: the lines of the scheduler's crontab, and CronJobs. */
export function schedulesOf(args: Pick<StackValidationArgs, "resources">, parts: Part[], scheduler: string): Scheduled[] {
  const lines = parts
    .filter(({ name, platform }) => name === scheduler && platform === "docker")
    .flatMap(part => part.files("crontab"))
    .flatMap(({ content }) => parseCrontab(content ?? ""));
  const cronJobs = args.resources.filter(({ type }) => type === CRON_JOB);
  return [
    ...lines.map(({ schedule, command }) => {
      const [, ...words] = command.split(" ");
      return { name: words[0] ?? "", schedule, command: words.join(" ") };
    }),
    ...cronJobs.map(job => ({
      name: nameOf(job),
      schedule: known<string>(() => job.props["spec"]?.schedule) ?? "",
      command: (templateOf(job)?.spec?.containers?.[0]?.args ?? []).join(" "),
    })),
  ];
}

/** The books of what a stack holds: those of the project that its resources belong to. */
export function booksOf(args: Pick<StackValidationArgs, "resources">): Book[] {
  const projects = new Set(args.resources.map(({ urn }) => projectOf(urn)));
  return books.filter(({ project }) => projects.has(project));
}

/** Applies a check to the parts that it chooses, each by itself; a stack without any is not judged. */
export function onParts(
  chosen: (part: Part) => boolean,
  none: string,
  check: (part: Part, args: StackValidationArgs) => void,
): (args: StackValidationArgs, report: ReportViolation) => void {
  return (args, report) => {
    const parts = partsOf(args, report).filter(chosen);
    if (parts.length === 0) args.notApplicable(none);
    for (const part of parts) check(part, args);
  };
}

/** The text of the only config file of a kind that a part has; `undefined`, and a violation, where there is none that can be read, or several. */
export function onlyText({ files, violation }: Part, kind: string, mend: string): string | undefined {
  const texts = files(kind).flatMap(({ content }) => content ?? []);
  if (texts.length === 1) return texts[0];
  violation(`it has ${texts.length} readable config files of kind ${kind}, exactly 1 is required`, mend);
  return undefined;
}

/** Least and most replicas of a service or group; what no book gives a scale is one of its kind. */
export function scaleOf(of: Book[], name: string): { min: number; max: number } {
  const scale = of.map(book => book.scale?.[name]).find(found => found !== undefined) ?? 1;
  return typeof scale === "number" ? { min: scale, max: scale } : scale;
}

/** Tier of a service, group or task; who is in none only watches. */
export function tierOf({ tiers }: Book, name: string): string {
  return Object.entries(tiers ?? {}).find(([, services]) => services.includes(name))?.[0] ?? "observability";
}
