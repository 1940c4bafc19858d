import { parse } from "yaml";
import type { RenderedFile } from "../../../components/rendering/render";
import { render } from "../../../index";
import { named } from "../../committed";

/** A committed stack, rendered, with some config more. */
export const rendered = (stack: string, more: Record<string, unknown> = {}): Promise<RenderedFile[]> =>
  render({ ...named(stack).settings, ...more }, stack);

/** A service, by what matters of it wherever it runs. */
export interface Running {
  image: string;
  /** Limit in cores, and memory in MiB. */
  cpu: number;
  memory: number;
  reserved: number;
  env: Record<string, string>;
  command: string[];
}

/** A stack without its backend's words. */
export interface Model {
  services: Record<string, Running>;
  /** Schedule and command by what it starts. */
  schedules: Record<string, string>;
  /** Config text by service and path. */
  files: Record<string, string>;
}

const mib = (text: string) => (/g/i.test(text) ? parseFloat(text) * 1024 : parseFloat(text));
const filesOf = (files: RenderedFile[]) =>
  Object.fromEntries(
    files.filter(({ path, content }) => path.startsWith("files/") && content !== "redacted\n").map(({ path, content }) => [path.slice(6), content]),
  );

interface ComposeService {
  image: string;
  cpus: number;
  mem_limit: string;
  mem_reservation: string;
  environment: string[];
  entrypoint?: string[];
  command?: string[];
}

export function fromCompose(files: RenderedFile[]): Model {
  const { services } = parse(files.find(({ path }) => path === "compose.yaml")!.content) as { services: Record<string, ComposeService> };
  const plain = (text: string) => text.replaceAll("$$", "$");
  const config = filesOf(files);
  const crontab = config["scheduler/etc/ultrathink/crontab"]!.split("\n").filter(line => line && !line.startsWith("#"));
  return {
    services: Object.fromEntries(
      Object.entries(services).map(([name, { image, cpus, mem_limit, mem_reservation, environment, entrypoint, command }]) => [
        name,
        {
          image,
          cpu: cpus,
          memory: mib(mem_limit),
          reserved: mib(mem_reservation),
          env: Object.fromEntries(environment.map(line => [line.slice(0, line.indexOf("=")), plain(line.slice(line.indexOf("=") + 1))])),
          command: [...(entrypoint ?? []), ...(command ?? [])].map(plain),
        },
      ]),
    ),
    schedules: Object.fromEntries(
      crontab.map(line => {
        const [minute, hour, day, month, weekday, , job, ...rest] = line.split(" ");
        return [job!, `${[minute, hour, day, month, weekday].join(" ")} ${[job, ...rest].join(" ")}`];
      }),
    ),
    files: config,
  };
}

interface Container {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  env?: { name: string; value?: string }[];
  resources: { limits: Record<string, string>; requests: Record<string, string> };
}
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  spec?: {
    schedule?: string;
    replicas?: number;
    template?: { spec: { containers: Container[] } };
    jobTemplate?: { spec: { template: { spec: { containers: Container[] } } } };
  };
  data?: Record<string, string>;
}

export const manifests = (files: RenderedFile[]): Manifest[] =>
  files.filter(({ path }) => path.startsWith("kubernetes/")).map(({ content }) => parse(content) as Manifest);

const cores = (text: string) => (text.endsWith("m") ? parseFloat(text) / 1000 : Number(text));

function running({ image, command, args, env, resources }: Container): Running {
  return {
    image,
    cpu: cores(resources.limits.cpu!),
    memory: mib(resources.limits.memory!),
    reserved: mib(resources.requests.memory!),
    env: Object.fromEntries((env ?? []).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))),
    command: [...(command ?? []), ...(args ?? [])],
  };
}

/** @param groups a set's replicas by the name of the set */
export function fromManifests(files: RenderedFile[], groups: Record<string, string[]>): Model {
  const all = manifests(files);
  const pods = all.filter(({ kind }) => ["Deployment", "StatefulSet", "DaemonSet", "Job"].includes(kind));
  const crons = all.filter(({ kind }) => kind === "CronJob");
  return {
    services: Object.fromEntries(
      pods.flatMap(({ kind, metadata: { name, labels }, spec }) => {
        const service = kind === "Job" ? labels!["app.kubernetes.io/name"]! : name;
        const [main, ...sidecars] = spec!.template!.spec.containers;
        return [
          ...(groups[service] ?? [service]).map(member => [member, running(main!)] as const),
          ...sidecars.map(sidecar => [sidecar.name, running(sidecar)] as const),
        ];
      }),
    ),
    schedules: Object.fromEntries(
      crons.map(({ metadata: { name }, spec }) => [
        name,
        `${spec!.schedule} ${spec!.jobTemplate!.spec.template.spec.containers[0]!.args!.join(" ")}`,
      ]),
    ),
    files: filesOf(files),
  };
}
