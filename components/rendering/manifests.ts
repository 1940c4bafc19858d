import { stringify } from "yaml";
import type { Registration } from "./registrations";

/** Kubernetes' own form of an object. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  data?: Record<string, string>;
}

/** Stands for every secret value; a rendered file can be shown to anyone. */
const REDACTED = Buffer.from("redacted").toString("base64");

/** Keys in the order in which people read a manifest; all others after them. */
const FIRST = ["apiVersion", "kind", "metadata", "spec"];

/** The Kubernetes objects among what a program registers, without any secret. */
export function manifestsOf(resources: Registration[]): Manifest[] {
  return resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ inputs }) => {
      const manifest = inputs as unknown as Manifest;
      if (manifest.kind !== "Secret") return manifest;
      return { ...manifest, data: Object.fromEntries(Object.keys(manifest.data ?? {}).map(key => [key, REDACTED])) };
    });
}

export function manifestYaml(manifest: Manifest): string {
  const rank = (key: string) => (FIRST.includes(key) ? FIRST.indexOf(key) : FIRST.length);
  const ordered = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => rank(a) - rank(b)));
  // Kubernetes reads YAML 1.1, in which a plain `off` is no text.
  return stringify(ordered, { lineWidth: 0, aliasDuplicateObjects: false, version: "1.1" });
}

/** Path of an object's file: its namespace, then its kind and name. */
export function manifestPath({ kind, metadata: { name, namespace } }: Manifest): string {
  return `kubernetes/${namespace ?? "cluster"}/${kind.toLowerCase()}-${name.replaceAll(/[^a-z0-9.-]/g, "-")}.yaml`;
}
