import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { seconds, type System } from "../../../systems/declaration";
import type { Discovery } from "../../discovery";
import type { JobSpec, ScheduleSpec, ServiceSpec } from "../../spec";
import type { Backend, Placement } from "../backend";
import { Readiness } from "../readiness";
import { dockerDiscovery } from "./discovery";
import { ownLabels, volumeLabels } from "./labels";
import { jobArgs, serviceArgs, type DockerContext } from "./lowering";
import { Probes } from "./ready";

export interface DockerBackendArgs extends Pick<DockerContext, "bindAddress" | "portOffset" | "clampCpusTo" | "gpuDevices" | "leftOut"> {
  system: System;
  stack: string;
  /** Image reference by key of images.lock.json. */
  images: Record<string, string>;
  /** A team's own image by service, in place of the lock's. */
  imageOverrides: Record<string, string>;
}

/**
 * Options of every container.
 *
 * @param limit seconds until it must work, or, of a job, have ended
 */
export function containerOptions(limit: number): pulumi.CustomResourceOptions {
  return {
    customTimeouts: { create: `${limit + 60}s` },
    // Name and ports are fixed, so the old one goes first.
    deleteBeforeReplace: true,
    // The plugin takes these as updates that change nothing in the container.
    replaceOnChanges: ["healthcheck", "init", "tmpfs"],
  };
}

/** One machine's Docker: a bridge network, named volumes, a container per service. */
export class DockerBackend extends pulumi.ComponentResource implements Backend {
  readonly discovery: Discovery;
  private readonly context: DockerContext;
  private readonly readiness: Readiness;
  private readonly probes: Probes;
  private readonly images = new Map<string, docker.RemoteImage>();
  private readonly scratch = new Map<string, docker.Volume>();

  constructor(
    name: string,
    private readonly args: DockerBackendArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("ultrathink:docker:Backend", name, {}, opts);
    const { system, stack } = args;
    const network = new docker.Network(
      "network",
      {
        name: `${system.project}_default`,
        driver: "bridge",
        labels: [...ownLabels(system, stack), { label: "com.docker.compose.network", value: "default" }],
      },
      { parent: this, deleteBeforeReplace: true },
    );
    const volumes = Object.fromEntries(
      Object.entries(system.volumes).map(([key, { name: volumeName }]) => [
        key,
        new docker.Volume(
          volumeName,
          { name: `${system.project}_${volumeName}`, labels: volumeLabels(system, stack, volumeName) },
          { parent: this, protect: true, retainOnDelete: true },
        ).name,
      ]),
    );
    this.context = { ...args, network: network.name, volumes, scratch: volume => this.scratchVolume(volume) };
    this.discovery = dockerDiscovery(system);
    this.readiness = new Readiness(system.groups);
    this.probes = new Probes(`${system.containerPrefix}${system.observability.prometheus.service}`);
    this.registerOutputs({});
  }

  service(spec: ServiceSpec, placement: Placement): void {
    const startup = seconds(spec.health.startup);
    const made = this.container(spec, serviceArgs(spec, this.image(spec), this.context), placement, startup);
    this.readiness.add(spec.name, made);
  }

  job(spec: JobSpec, placement: Placement & { completes: string }): void {
    const made = this.container(spec, jobArgs(spec, this.image(spec), this.context), placement, seconds(spec.deadline));
    this.readiness.add(placement.completes, made);
  }

  /** Docker starts nothing by the clock. */
  schedules(_: ScheduleSpec[], runner: () => ServiceSpec, placement: Placement): void {
    this.service(runner(), placement);
  }

  finish(): Promise<void> {
    return this.probes.all();
  }

  private container(spec: ServiceSpec | JobSpec, args: docker.ContainerArgs, placement: Placement, limit: number): pulumi.Input<pulumi.Resource> {
    const made = new docker.Container(spec.name, args, {
      ...containerOptions(limit),
      parent: placement.parent,
      dependsOn: this.readiness.of(spec.name, spec.needs),
    });
    return this.probes.ready(made);
  }

  private scratchVolume(name: string): pulumi.Input<string> {
    const { system, stack } = this.args;
    let volume = this.scratch.get(name);
    if (!volume) {
      volume = new docker.Volume(name, { name: `${system.project}_${name}`, labels: volumeLabels(system, stack, name) }, { parent: this });
      this.scratch.set(name, volume);
    }
    return volume.name;
  }

  /** Id of the image that a service runs; each image is one resource, however many services share it. */
  private image(spec: ServiceSpec | JobSpec): pulumi.Input<string> {
    const override = this.args.imageOverrides[spec.name];
    const key = override ? spec.name : spec.image;
    const name = override ?? this.args.images[key];
    if (!name) {
      throw new Error(`image "${key}" is not in images.lock.json; add it there with an exact version`);
    }
    let image = this.images.get(key);
    if (!image) {
      image = new docker.RemoteImage(`image-${key}`, { name, keepLocally: true }, { parent: this });
      this.images.set(key, image);
    }
    return image.imageId;
  }
}
