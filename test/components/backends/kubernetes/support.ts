import type { KubernetesContext } from "../../../../components/backends/kubernetes/context";
import type { ServiceSpec } from "../../../../components/spec";
import { stackSystem } from "../../../../components/environment";
import { parseConfig } from "../../../../config";
import images from "../../../../images.lock.json";
import { ultrathink } from "../../../../systems/ultrathink";

/** UltraThink as a stack on Kubernetes has it. */
export const { system } = stackSystem(
  ultrathink,
  parseConfig({ backend: "kubernetes", aws: { account: "123456789012", region: "eu-west-1" } }, "prod"),
  "prod",
);

export const context: KubernetesContext = {
  system,
  images,
  imageOverrides: {},
  releases: {},
  storageClass: "fast",
  gpuSelector: { "nvidia.com/gpu.present": "true" },
  clusterDomain: "cluster.local",
};

/** A service of the declaration with nothing out of the ordinary. */
export const spec = (name: string, rest: Partial<ServiceSpec> = {}): ServiceSpec => {
  const { image, cpu, memory, reserved, gpu, port, containerPort, needs, external } = system.services[name]!;
  return {
    name,
    image: image ?? name,
    user: 10_001,
    ...{ cpu, memory, reserved, gpu, needs: needs ?? [], external },
    ports: port === undefined ? [] : [{ container: containerPort ?? port, host: port }],
    health: { command: ["healthy"], startup: "60s" },
    stopGrace: "30s",
    ...rest,
  };
};
