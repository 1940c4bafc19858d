import type * as pulumi from "@pulumi/pulumi";
import type { ComposeProject } from "../compose";
import type { FileMount } from "../spec";
import { manifestPath, manifestsOf, manifestYaml } from "./manifests";
import type { Recorder } from "./recorder";
import { registrations } from "./registrations";

/** A file of a rendered stack. */
export interface RenderedFile {
  /** Relative to the folder of the rendering. */
  path: string;
  content: string;
}

/** What a program hands over to be rendered. */
export interface Rendering {
  recorder: Recorder;
  /** Absent on Kubernetes. */
  compose?: pulumi.Output<ComposeProject>;
}

const isConfig = (file: FileMount): file is FileMount & { content: string } => file.kind !== "secret" && file.kind !== "certificate";

/** The configuration files of everything that runs: Prometheus' and its rules, Alertmanager's, Loki's, Grafana's and the rest. */
function configFiles({ services, jobs, clock }: Recorder): RenderedFile[] {
  return [...services, ...jobs, ...clock].flatMap(({ name, files }) =>
    (files ?? []).filter(isConfig).map(({ path, content }) => ({ path: `files/${name}${path}`, content })),
  );
}

/** Runs a program without making anything, and writes down what it declares. */
export async function renderStack(stack: string, program: () => Rendering): Promise<RenderedFile[]> {
  let recorder: Recorder | undefined;
  const { result, resources } = await registrations(stack, () => {
    const rendering = program();
    recorder = rendering.recorder;
    return { compose: rendering.compose };
  });
  const compose = result.compose as ComposeProject | undefined;
  return [
    ...manifestsOf(resources).map(manifest => ({ path: manifestPath(manifest), content: manifestYaml(manifest) })),
    ...(compose ? [{ path: "compose.yaml", content: compose.file }] : []),
    // Compose mounts what the containers read; secrets are there by name alone.
    ...(compose?.files ?? []).filter(({ mode }) => mode === 0o400).map(({ path }) => ({ path, content: "redacted\n" })),
    ...configFiles(recorder!),
  ];
}
