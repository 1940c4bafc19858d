import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { goPrograms, type Artifact } from "../images/artifacts";
import { buildArtifact } from "../images/build";
import { goModule } from "../images/go-module";
import pinned from "../images/kubernetes-schemas/module.json";
import type { Log } from "../images/run";

const KUBERNETES = "k8s.io/component-base/version";

const controlPlane = goPrograms({
  name: "kubernetes-control-plane",
  folder: join("sandbox", "cluster", "control-plane"),
  packages: {
    "go.etcd.io/etcd/server/v3": "etcd",
    "k8s.io/kubernetes/cmd/kube-apiserver": "kube-apiserver",
    "k8s.io/kubernetes/cmd/kube-controller-manager": "kube-controller-manager",
    "k8s.io/kubernetes/cmd/kube-scheduler": "kube-scheduler",
  },
  variables: { [`${KUBERNETES}.gitVersion`]: "v1.34.4", [`${KUBERNETES}.gitMajor`]: "1", [`${KUBERNETES}.gitMinor`]: "34" },
  seconds: 300,
});

const nodes = goPrograms({
  name: "kubernetes-nodes",
  folder: join("sandbox", "cluster", "nodes"),
  packages: { "sigs.k8s.io/kwok/cmd/kwok": "kwok" },
  seconds: 100,
});

const kubeStateMetrics = goPrograms({
  name: "kube-state-metrics",
  folder: join("sandbox", "cluster", "kube-state-metrics"),
  packages: { "k8s.io/kube-state-metrics/v2": "kube-state-metrics" },
  seconds: 100,
});

/** Kinds of the Gateway API that the cluster knows beside Kubernetes' own. */
const GATEWAY_KINDS = ["gatewayclasses", "gateways", "httproutes"];

const gatewayDefinitions: Artifact = {
  name: "gateway-definitions",
  inputs: [join("sandbox", "images", "kubernetes-schemas", "module.json")],
  settings: GATEWAY_KINDS.join(),
  seconds: 5,
  async make(target) {
    const folder = join(await goModule(pinned.gateway), "config", "crd", "standard");
    for (const name of GATEWAY_KINDS.map(kind => `gateway.networking.k8s.io_${kind}.yaml`)) await copyFile(join(folder, name), join(target, name));
  },
};

/** Folders of what a cluster is made of. */
export interface Programs {
  /** `etcd`, `kube-apiserver`, `kube-controller-manager`, `kube-scheduler`. */
  controlPlane: string;
  /** `kwok`. */
  nodes: string;
  /** YAML of the Gateway API's definitions. */
  definitions: string;
}

/** The programs of a cluster, compiled from their Go modules where the cache has none: about seven minutes on two cores, once. */
export async function buildPrograms(log: Log): Promise<Programs> {
  return {
    controlPlane: await buildArtifact(controlPlane, log),
    nodes: await buildArtifact(nodes, log),
    definitions: await buildArtifact(gatewayDefinitions, log),
  };
}

/** The program of the stack's kube-state-metrics, compiled as above. Its pod runs no container; who wants its answers starts it on this machine. */
export async function buildKubeStateMetrics(log: Log): Promise<string> {
  return join(await buildArtifact(kubeStateMetrics, log), "kube-state-metrics");
}
