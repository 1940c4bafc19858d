import type { StackConfig } from "../../../config";
import type { System } from "../../../systems/declaration";

/** What the objects depend on beside the declaration of their service. */
export interface KubernetesContext {
  system: System;
  /** Image reference by key of images.lock.json. */
  images: Record<string, string>;
  /** A team's own image by service, in place of the lock's. */
  imageOverrides: Record<string, string>;
  /** Releases under way, by service. */
  releases: StackConfig["releases"];
  /** Class of the data volumes' claims. @default - the cluster's default class */
  storageClass?: string;
  /** Labels of the nodes that have GPUs. */
  gpuSelector: Record<string, string>;
  /** Domain under which the gateway answers for what is exposed. @default - nothing is exposed */
  domain?: string;
  /** Gateway of the cluster, as namespace/name. */
  gateway?: string;
  /** DNS domain of the cluster. */
  clusterDomain: string;
}

/** Image that a service or job runs. */
export function imageOf(context: KubernetesContext, { name, image }: { name: string; image: string }): string {
  const reference = context.imageOverrides[name] ?? context.images[image];
  if (!reference) throw new Error(`image "${image}" is not in images.lock.json; add it there with an exact version`);
  return reference;
}
