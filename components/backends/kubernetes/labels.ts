import { tierOf } from "../../../systems/declaration";
import { imageOf, type KubernetesContext } from "./context";

/** Marks a ConfigMap with what its files are, so that policies and people find them. */
export const CONFIG_KIND = "ultrathink.dev/config-kind";
/** Checksum of what a pod reads and no name of an object tells; a change rolls the pods. */
export const CHECKSUM = "ultrathink.dev/checksum";

/** Kubernetes' recommended labels of everything that belongs to a service or job. */
export function labelsOf({ system }: KubernetesContext, name: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/part-of": system.name,
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

/** A label value's alphabet: the tag of an image without its digest. */
export function versionOf(image: string): string {
  const [reference] = image.split("@");
  const tag = reference!.slice(reference!.lastIndexOf(":") + 1);
  return tag.replaceAll(/[^A-Za-z0-9._-]/g, "-").slice(0, 63);
}

/** What selects a service's pods, for ever: a controller's selector cannot be changed, so no version is in it. */
export const selectorOf = (name: string): Record<string, string> => ({ app: name });

/** Labels of a pod: `app` and `version` are what the runbook's release commands select by. */
export function podLabels(context: KubernetesContext, spec: { name: string; image: string }, app = spec.name): Record<string, string> {
  return {
    ...labelsOf(context, app),
    ...selectorOf(app),
    version: versionOf(imageOf(context, spec)),
    "app.kubernetes.io/component": tierOf(context.system, spec.name),
  };
}
