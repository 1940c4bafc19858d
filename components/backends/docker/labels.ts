import { createHash } from "node:crypto";
import type { System } from "../../../systems/declaration";
import type { FileMount, JobSpec, ServiceSpec } from "../../spec";

/** Files that are configuration: their text is plain and the policy pack reads it. */
function configPaths(files: FileMount[]): Record<string, string> {
  const paths: Record<string, string[]> = {};
  for (const file of files) {
    if (file.kind !== "secret" && file.kind !== "certificate") {
      (paths[`dev.ultrathink.config.${file.kind}`] ??= []).push(file.path);
    }
  }
  return Object.fromEntries(Object.entries(paths).map(([label, list]) => [label, list.join(",")]));
}

/** Labels of everything that a stack has on Docker beside containers. */
export function ownLabels(system: System, stack: string): { label: string; value: string }[] {
  return [
    { label: "com.docker.compose.project", value: system.project },
    { label: "dev.ultrathink.stack", value: stack },
  ];
}

/** Labels of a volume, by its name without the project's prefix. One that is made with others would be replaced by the next `up`. */
export function volumeLabels(system: System, stack: string, name: string): { label: string; value: string }[] {
  return [...ownLabels(system, stack), { label: "com.docker.compose.volume", value: name }];
}

/**
 * Labels of a container: Kubernetes' recommended set, Compose's (so that `docker compose -p <project>` finds containers that it did not
 * make; it needs `config-hash` for that), and ours.
 */
export function containerLabels(
  system: System,
  stack: string,
  spec: ServiceSpec | JobSpec,
  extra: Record<string, string> = {},
): { label: string; value: string }[] {
  const plain = { ...spec, files: (spec.files ?? []).map(({ path, kind }) => ({ path, kind })) };
  const labels: Record<string, string> = {
    "app.kubernetes.io/name": spec.name,
    "app.kubernetes.io/part-of": system.name,
    "app.kubernetes.io/managed-by": "pulumi",
    "com.docker.compose.project": system.project,
    "com.docker.compose.service": spec.name,
    "com.docker.compose.container-number": "1",
    "com.docker.compose.oneoff": "False",
    "com.docker.compose.config-hash": createHash("sha256").update(JSON.stringify(plain)).digest("hex"),
    "dev.ultrathink.stack": stack,
    ...configPaths(spec.files ?? []),
    ...extra,
  };
  return Object.entries(labels)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([label, value]) => ({ label, value }));
}
