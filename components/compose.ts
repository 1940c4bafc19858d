import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { members, type System } from "../systems/declaration";
import type { Backend, Placement } from "./backends/backend";
import { dockerDiscovery } from "./backends/docker/discovery";
import { jobArgs, serviceArgs, type DockerContext } from "./backends/docker/lowering";
import type { Discovery } from "./discovery";
import type { JobSpec, ScheduleSpec, ServiceSpec } from "./spec";

/** A container as Compose gets it: the Docker backend's own arguments, resolved, and what it waits for. */
export interface ComposeContainer {
  service: string;
  args: pulumi.Unwrap<docker.ContainerArgs>;
  needs: string[];
  /** Set on a job: the name that counts as ready only when it has ended with 0. */
  completes?: string;
}

/** Compose reads `$` as the start of a variable. */
function literal(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("$", "$$$$");
  if (Array.isArray(value)) return value.map(literal);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, literal(inner)]));
  return value;
}

const checked = ({ healthcheck }: ComposeContainer["args"]) => healthcheck?.tests !== undefined && healthcheck.tests[0] !== "NONE";

/** What a container waits for: the services it needs, members of groups among them, and the jobs that complete them. */
function dependencies(system: System, container: ComposeContainer, all: ComposeContainer[]): Record<string, { condition: string }> {
  const names = container.needs.flatMap(need => [need, ...members(system, need)]);
  return Object.fromEntries(
    all
      .filter(other => other !== container && names.includes(other.completes ?? other.service))
      .map(other => {
        const up = checked(other.args) ? "service_healthy" : "service_started";
        return [other.service, { condition: other.completes ? "service_completed_successfully" : up }];
      }),
  );
}

/** A file that a container mounts, beside the Compose file. */
export interface MountedFile {
  /** Relative to the Compose file's folder. */
  path: string;
  content: string;
  mode: number;
}

export interface ComposeProject {
  /** Text of compose.yaml. */
  file: string;
  /** Secrets among them, in plain text. */
  files: MountedFile[];
}

/** Compose's own network of a project. */
const DEFAULT_NETWORK = "default";

const pathOf = (service: string, path: string) => `files/${service}${path}`;

function composeService(system: System, container: ComposeContainer, all: ComposeContainer[]): Record<string, unknown> {
  const { args, service } = container;
  const { healthcheck } = args;
  const mib = (size: number | undefined) => (size === undefined ? undefined : `${size}m`);
  return {
    container_name: args.name,
    image: args.image,
    entrypoint: args.entrypoints,
    command: args.command,
    environment: args.envs,
    user: args.user,
    networks: (args.networksAdvanced ?? []).map(({ name }) => name),
    group_add: args.groupAdds,
    hostname: args.hostname,
    cpus: Number(args.cpus),
    mem_limit: mib(args.memory),
    memswap_limit: mib(args.memorySwap),
    mem_reservation: mib(args.memoryReservation),
    shm_size: mib(args.shmSize),
    tmpfs: Object.entries(args.tmpfs ?? {}).map(([path, options]) => `${path}:${options}`),
    read_only: args.readOnly,
    init: args.init,
    cap_drop: args.capabilities?.drops,
    cap_add: args.capabilities?.adds,
    security_opt: args.securityOpts,
    logging: { driver: args.logDriver, options: args.logOpts },
    // Compose writes its own labels.
    labels: Object.fromEntries(
      (args.labels ?? []).filter(({ label }) => !label.startsWith("com.docker.compose.")).map(({ label, value }) => [label, value]),
    ),
    ports: (args.ports ?? []).map(({ ip, external, internal }) => `${ip}:${external}:${internal}`),
    // Mounted, as a Compose stack does.
    volumes: [
      ...(args.volumes ?? []).map(
        ({ volumeName, hostPath, containerPath, readOnly }) => `${volumeName ?? hostPath}:${containerPath}${readOnly ? ":ro" : ""}`,
      ),
      ...(args.uploads ?? []).map(({ file }) => `./${pathOf(service, file)}:${file}:ro`),
    ],
    // `up --wait` fails on a container whose check is switched off; without any, it waits until it runs.
    healthcheck: checked(args)
      ? {
          test: healthcheck?.tests,
          interval: healthcheck?.interval,
          timeout: healthcheck?.timeout,
          retries: healthcheck?.retries,
          start_period: healthcheck?.startPeriod,
        }
      : undefined,
    restart: args.restart,
    stop_grace_period: args.stopTimeout === undefined ? undefined : `${args.stopTimeout}s`,
    stop_signal: args.stopSignal,
    depends_on: dependencies(system, container, all),
  };
}

/**
 * The same containers as a Compose project: its file, and the files that it mounts. They hold secrets in plain text: for measuring against
 * Compose, in a folder of mode 0700 that goes again.
 */
export function composeProject(system: System, containers: ComposeContainer[]): ComposeProject {
  const volumes = new Set(containers.flatMap(({ args }) => (args.volumes ?? []).flatMap(({ volumeName }) => volumeName ?? [])));
  const networks = containers.flatMap(({ args }) => (args.networksAdvanced ?? []).map(({ name }) => name));
  const outside = new Set(networks.filter(name => name !== DEFAULT_NETWORK));
  const project = {
    name: system.project,
    services: Object.fromEntries(containers.map(container => [container.service, composeService(system, container, containers)])),
    volumes: Object.fromEntries([...volumes].map(name => [name, { name }])),
    networks: Object.fromEntries([...outside].map(name => [name, { external: true }])),
  };
  return {
    file: stringify(literal(project), { lineWidth: 0, aliasDuplicateObjects: false }),
    files: containers.flatMap(({ service, args }) =>
      (args.uploads ?? []).map(({ file, content, permissions }) => ({
        path: pathOf(service, file),
        content: content!,
        mode: parseInt(permissions!, 8),
      })),
    ),
  };
}

export interface ComposeBackendArgs extends Pick<
  DockerContext,
  "bindAddress" | "portOffset" | "clampCpusTo" | "gpuDevices" | "leftOut" | "system" | "stack"
> {
  /** Image reference by key of images.lock.json. */
  images: Record<string, string>;
  /** A team's own image by service, in place of the lock's. */
  imageOverrides: Record<string, string>;
}

/** Makes no container: collects what the Docker backend would make, for one Compose project. */
export class ComposeBackend implements Backend {
  readonly discovery: Discovery;
  private readonly context: DockerContext;
  private readonly collected: pulumi.Output<ComposeContainer>[] = [];

  constructor(private readonly args: ComposeBackendArgs) {
    const { system } = args;
    this.discovery = dockerDiscovery(system);
    const volumeName = (name: string) => `${system.project}_${name}`;
    const volumes = Object.fromEntries(Object.entries(system.volumes).map(([key, { name }]) => [key, volumeName(name)]));
    this.context = { ...args, network: DEFAULT_NETWORK, volumes, scratch: volumeName };
  }

  service(spec: ServiceSpec): void {
    this.add(spec, serviceArgs(spec, this.image(spec), this.context));
  }

  job(spec: JobSpec, { completes }: Placement & { completes: string }): void {
    this.add(spec, jobArgs(spec, this.image(spec), this.context), completes);
  }

  schedules(_: ScheduleSpec[], runner: () => ServiceSpec): void {
    this.service(runner());
  }

  finish(): Promise<void> {
    return Promise.resolve();
  }

  /** The whole project; it holds secrets. */
  project(): pulumi.Output<ComposeProject> {
    return pulumi.secret(pulumi.all(this.collected).apply(containers => composeProject(this.args.system, containers)));
  }

  private add(spec: ServiceSpec | JobSpec, args: docker.ContainerArgs, completes?: string): void {
    this.collected.push(pulumi.output(args).apply(resolved => ({ service: spec.name, args: resolved, needs: spec.needs, completes })));
  }

  private image(spec: ServiceSpec | JobSpec): string {
    const name = this.args.imageOverrides[spec.name] ?? this.args.images[spec.image];
    if (!name) throw new Error(`image "${spec.image}" is not in images.lock.json; add it there with an exact version`);
    return name;
  }
}
