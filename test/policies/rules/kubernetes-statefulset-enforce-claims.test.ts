import { STATEFUL_SET } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-statefulset-enforce-claims";
import { describeObjectRule } from "../support";

const keep = { whenDeleted: "Retain", whenScaled: "Retain" };

function set(change: { policy?: object; name?: string; storageClassName?: string; storage?: string }): object {
  const { policy, name, storageClassName, storage } = { policy: keep, name: "data", storageClassName: "gp3", storage: "100Gi", ...change };
  return {
    metadata: { name: "timescaledb" },
    spec: {
      persistentVolumeClaimRetentionPolicy: policy,
      volumeClaimTemplates: [{ metadata: { name }, spec: { storageClassName, resources: { requests: { storage } } } }],
    },
  };
}

describeObjectRule(rule, {
  type: STATEFUL_SET,
  accepts: {
    "claims that are kept": set({}),
    "a set without claims": { metadata: { name: "timescaledb" }, spec: {} },
  },
  reports: {
    "claims that go with their set": [set({ policy: { whenDeleted: "Delete", whenScaled: "Retain" } }), "its claims are Delete whenDeleted"],
    "claims that go with a replica": [set({ policy: { whenDeleted: "Retain" } }), "its claims are not said to be kept whenScaled"],
    "no storage class": [set({ storageClassName: undefined }), "claim data names no storage class"],
    "another size": [set({ storage: "10Gi" }), "claim data is 10Gi, the book says 100Gi"],
    "a claim of nobody's": [set({ name: "other" }), "the book has no size for claim other"],
  },
});
