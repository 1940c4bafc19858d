import { books, mebibytes } from "../books";
import { STATEFUL_SET, onKinds, type Workload } from "../kubernetes";
import { quantity } from "../parsers/quantity";
import type { ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "kubernetes-statefulset-enforce-claims",
  displayName: "Claims outlive their set",
  description: "A set keeps its claims when it is deleted or made smaller, names the storage class of every claim, and gives each the book's size.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Set persistentVolumeClaimRetentionPolicy to Retain twice, the claim's storageClassName, and its size as the book says.",
  tags: ["data"],
  validateResource: onKinds([STATEFUL_SET], ({ name, props, violation }) => {
    const { persistentVolumeClaimRetentionPolicy: policy, volumeClaimTemplates: templates = [] } = (props as Workload).spec ?? {};
    if (templates.length === 0) return;
    for (const key of ["whenDeleted", "whenScaled"] as const) {
      if (policy?.[key] !== "Retain")
        violation(`its claims are ${policy?.[key] ?? "not said to be kept"} ${key}, Retain is required`, `Set ${key} to Retain`);
    }
    const sizes = Object.assign({}, ...books.map(({ claims }) => claims)) as NonNullable<(typeof books)[0]["claims"]>;
    for (const template of templates) {
      const claim = template.metadata?.name ?? "";
      const size = sizes[`${name}/${claim}`];
      const { storageClassName, resources } = template.spec ?? {};
      const found = resources?.requests?.storage;
      if (!storageClassName)
        violation(`claim ${claim} names no storage class, and the cluster's default may be deleted with it`, "Set storageClassName");
      if (size === undefined) violation(`the book has no size for claim ${claim}`, "Add it to the book's claims");
      else if (quantity(found) !== mebibytes(size) * 2 ** 20)
        violation(`claim ${claim} is ${found ?? "not sized"}, the book says ${size}i`, "Set the book's size");
    }
  }),
};
