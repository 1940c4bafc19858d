import { CoreV1Api, makeInformer, type KubeConfig, type V1PersistentVolumeClaim, type V1StorageClass } from "@kubernetes/client-node";
import { zoneOf } from "./nodes";

const PROVISIONER = "sandbox.ultrathink.dev";

/** The class that production's claims name: a volume comes in the zone where the pod goes, and stays when its claim goes. */
export const storageClass: V1StorageClass = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "gp3", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  provisioner: PROVISIONER,
  reclaimPolicy: "Retain",
  volumeBindingMode: "WaitForFirstConsumer",
  allowVolumeExpansion: true,
};

/** Gives every claim that the scheduler has found a node for a volume in that node's zone, which is what a provisioner does. */
export async function provisionVolumes(config: KubeConfig, log: (line: string) => void): Promise<void> {
  const core = config.makeApiClient(CoreV1Api);
  const provision = async ({ metadata, spec, status }: V1PersistentVolumeClaim) => {
    const node = metadata?.annotations?.["volume.kubernetes.io/selected-node"];
    const zone = node && zoneOf(node);
    if (!zone || !spec || spec.volumeName || status?.phase !== "Pending" || spec.storageClassName !== storageClass.metadata!.name) return;
    await core.createPersistentVolume({
      body: {
        metadata: { name: `pvc-${metadata.uid}`, annotations: { "pv.kubernetes.io/provisioned-by": PROVISIONER } },
        spec: {
          capacity: { storage: spec.resources!.requests!.storage! },
          accessModes: spec.accessModes,
          volumeMode: spec.volumeMode,
          storageClassName: spec.storageClassName,
          persistentVolumeReclaimPolicy: storageClass.reclaimPolicy,
          claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: metadata.namespace, name: metadata.name, uid: metadata.uid },
          hostPath: { path: `/var/lib/volumes/${metadata.uid}` },
          nodeAffinity: {
            required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: [zone] }] }] },
          },
        },
      },
    });
  };
  const attempt = (claim: V1PersistentVolumeClaim) =>
    void provision(claim).catch((error: { code?: number; message: string }) => {
      // Asked again about a claim whose volume is there already.
      if (error.code !== 409) log(`no volume for ${claim.metadata!.namespace}/${claim.metadata!.name}: ${error.message}`);
    });
  const claims = makeInformer(config, "/api/v1/persistentvolumeclaims", () => core.listPersistentVolumeClaimForAllNamespaces());
  claims.on("add", attempt);
  claims.on("update", attempt);
  // A watch ends now and then; the next one lists first.
  claims.on("error", () => void claims.start());
  await claims.start();
}
