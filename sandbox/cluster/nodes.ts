import type { V1Node } from "@kubernetes/client-node";

/** Zones of the region, as AWS names them. */
const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];
const ZONE = "topology.kubernetes.io/zone";

interface Machine {
  name: string;
  zone: string;
  gpus: number;
}

/** Two machines without GPUs in every zone, and four with two each. */
const machines: Machine[] = [
  ...ZONES.flatMap(zone => [1, 2].map(number => ({ name: `node-${zone.at(-1)!}${number}`, zone, gpus: 0 }))),
  ...[0, 1, 2, 0].map((zone, index) => ({ name: `gpu-${index + 1}`, zone: ZONES[zone]!, gpus: 2 })),
];

/** Nodes of eight cores and 32 GiB; those with GPUs carry the label that NVIDIA's feature discovery gives them, and a taint. */
export const nodes: V1Node[] = machines.map(({ name, zone, gpus }) => {
  const room = { cpu: "8", memory: "32Gi", "ephemeral-storage": "100Gi", pods: "110", ...(gpus > 0 ? { "nvidia.com/gpu": String(gpus) } : {}) };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: { "kwok.x-k8s.io/node": "fake" },
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/region": "us-east-1",
        [ZONE]: zone,
        ...(gpus > 0 ? { "nvidia.com/gpu.present": "true" } : {}),
      },
    },
    spec: gpus > 0 ? { taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }] } : {},
    status: { capacity: room, allocatable: room, nodeInfo: undefined },
  };
});

/** Zone of a node. */
export const zoneOf = (name: string): string | undefined => machines.find(machine => machine.name === name)?.zone;
