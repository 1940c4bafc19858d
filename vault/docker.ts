import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { containerOptions } from "../components/backends/docker/backend";
import { jobArgs, serviceArgs, type DockerContext } from "../components/backends/docker/lowering";
import { Probes } from "../components/backends/docker/ready";
import type { JobSpec, ServiceSpec } from "../components/spec";
import { seconds, type System } from "../systems/declaration";
import type { VaultConfig } from "./config";

type Label = { label: string; value: string };

/** What marks everything of a vault. It never has a stack's label: nothing that destroys the stack may find it. */
export const vaultLabel = (stack: string): Label => ({ label: "dev.ultrathink.vault", value: stack });

/** A container's labels without those by which a stack's operations and Compose find their own. */
export function vaultLabels(labels: Label[], stack: string): Label[] {
  return [...labels.filter(({ label }) => label !== "dev.ultrathink.stack" && !label.startsWith("com.docker.compose.")), vaultLabel(stack)];
}

export interface DockerVaultArgs {
  system: System;
  stack: string;
  config: Pick<VaultConfig, "bindAddress">;
  /** Image reference by key of images.lock.json. */
  images: Record<string, string>;
  server: ServiceSpec;
  buckets: JobSpec;
}

/** The vault on one machine's Docker: a network of its own, a protected volume, the server, and the job that makes its buckets. */
export class DockerVault extends pulumi.ComponentResource {
  /** Resolves when the server answers and has its buckets; in a preview at once. */
  readonly ready: Promise<void>;

  constructor(name: string, args: DockerVaultArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ultrathink:vault:DockerVault", name, {}, opts);
    const { system, stack, config, server, buckets } = args;
    const parent = { parent: this };
    const labels = [vaultLabel(stack)];
    const outside = system.external[system.backups!.vault.external]!.network!;
    const network = new docker.Network("network", { name: outside, driver: "bridge", labels }, { ...parent, deleteBeforeReplace: true });
    const volume = new docker.Volume(
      "data",
      { name: `${outside.replaceAll("-", "_")}_data`, labels },
      { ...parent, protect: true, retainOnDelete: true },
    );
    const context: DockerContext = {
      system,
      stack,
      network: network.name,
      volumes: { vault: volume.name },
      scratch: wanted => wanted,
      bindAddress: config.bindAddress,
      portOffset: 0,
      gpuDevices: {},
      leftOut: [],
    };
    const probes = new Probes();
    const image = (key: string) => new docker.RemoteImage(`image-${key}`, { name: args.images[key]!, keepLocally: true }, parent).imageId;
    const make = (made: docker.ContainerArgs, spec: { name: string }, limit: number, dependsOn: pulumi.Input<pulumi.Resource>[]) =>
      probes.ready(
        new docker.Container(
          spec.name,
          { ...made, labels: vaultLabels(made.labels as Label[], stack) },
          { ...containerOptions(limit), ...parent, dependsOn },
        ),
      );
    const running = make(serviceArgs(server, image(server.image), context), server, seconds(server.health.startup), []);
    void make(jobArgs(buckets, image(buckets.image), context), buckets, seconds(buckets.deadline), [running]);
    this.ready = probes.all();
    this.registerOutputs({});
  }
}
