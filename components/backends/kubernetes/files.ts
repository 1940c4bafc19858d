import { createHash } from "node:crypto";
import { basename, dirname } from "node:path";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { FileMount } from "../../spec";
import type { KubernetesContext } from "./context";
import { mapInput, mapInputs } from "./inputs";
import { CONFIG_KIND, labelsOf } from "./labels";

/** Folder of the secret files; one that belongs elsewhere is seen there too. */
export const SECRETS = "/run/secrets";

type Volume = k8s.types.input.core.v1.Volume;
type VolumeMount = k8s.types.input.core.v1.VolumeMount;

/** The files of one pod by replica where they differ, as a broker's number does; otherwise under one name. */
export type FileSets = Record<string, FileMount[]>;

/** A service's files as objects, and how its containers see them. */
export interface LoweredFiles {
  configMaps: k8s.core.v1.ConfigMapArgs[];
  secret?: k8s.core.v1.SecretArgs;
  volumes: Volume[];
  mounts: VolumeMount[];
  /** Where the container that copies the secrets finds them. */
  secretSource?: VolumeMount;
  /** Of what no object's name tells: secrets and certificates. */
  checksum?: pulumi.Input<string>;
}

interface Keyed {
  key: string;
  /** Path in the ConfigMap, by replica where that differs. */
  subPath: { subPath: string } | { subPathExpr: string };
  path: string;
  content: pulumi.Input<string>;
  mode: number;
}

const hash = (text: string) => createHash("sha256").update(text).digest("hex");

/** Keys of files under which a ConfigMap or Secret holds them: their own names, or whole paths where two have the same. */
function keys(files: FileMount[]): Map<string, string> {
  const names = files.map(({ path }) => basename(path));
  return new Map(
    files.map(({ path }, index) => {
      const name = names[index]!;
      return [path, names.indexOf(name) === names.lastIndexOf(name) ? name : path.slice(1).replaceAll("/", ".")];
    }),
  );
}

/** Name of a secret file in the folder of secrets: its own, or its whole path where it belongs elsewhere. */
const secretKey = (path: string) => (dirname(path) === SECRETS ? basename(path) : path.slice(1).replaceAll("/", "."));

/** Every file with its key; one that differs between replicas is there once for each, and a pod picks its own by its name. */
function keyed(sets: FileSets, files: FileMount[]): Keyed[] {
  const names = keys(files);
  return files.flatMap((file): Keyed[] => {
    const key = names.get(file.path)!;
    const mode = file.kind !== "certificate" && file.kind !== "secret" && file.executable ? 0o555 : 0o444;
    const versions = Object.entries(sets).map(([replica, set]) => ({ replica, content: set.find(({ path }) => path === file.path)!.content }));
    if (versions.every(({ content }) => content === versions[0]!.content)) {
      return [{ key, subPath: { subPath: key }, path: file.path, content: file.content, mode }];
    }
    return versions.map(({ replica, content }) => ({
      key: `${replica}.${key}`,
      subPath: { subPathExpr: `$(POD_NAME).${key}` },
      path: file.path,
      content,
      mode,
    }));
  });
}

function mountsOf(volume: string, files: Keyed[]): VolumeMount[] {
  const paths = new Map(files.map(file => [file.path, file]));
  return [...paths.values()].map(({ path, subPath }) => ({ name: volume, mountPath: path, ...subPath, readOnly: true }));
}

/** A volume's own items are named only where one of them is executable. */
function volumeOf(name: string, configMap: string, files: Keyed[]): Volume {
  const executable = files.some(({ mode }) => mode !== 0o444);
  return {
    name,
    configMap: { name: configMap, defaultMode: 0o444, ...(executable ? { items: files.map(({ key, mode }) => ({ key, path: key, mode })) } : {}) },
  };
}

/**
 * Config becomes a ConfigMap for each kind of it, named after its content and never changed: another content is another object, and the pods that
 * name it are rolled, back as well as forth. Certificates and secrets come from other resources, so their names stay and a checksum rolls the pods.
 *
 * @param prefix of the volumes' names, which two containers of one pod must not share
 */
export function lowerFiles(context: KubernetesContext, namespace: string, service: string, sets: FileSets, prefix = ""): LoweredFiles {
  const files = Object.values(sets)[0] ?? [];
  const result: LoweredFiles = { configMaps: [], volumes: [], mounts: [] };
  const labels = labelsOf(context, service);
  const kinds = [...new Set(files.map(({ kind }) => kind))].filter(kind => kind !== "secret");
  for (const kind of kinds) {
    const ofKind = keyed(
      sets,
      files.filter(file => file.kind === kind),
    );
    const data = Object.fromEntries(ofKind.map(({ key, content }) => [key, content]));
    const fixed = kind === "certificate";
    const volume = `${prefix}config-${kind}`;
    const name = fixed ? `${service}-${kind}` : `${service}-${kind}-${hash(JSON.stringify(data)).slice(0, 10)}`;
    result.configMaps.push({
      metadata: { name, namespace, labels: { ...labels, [CONFIG_KIND]: kind } },
      immutable: fixed ? undefined : true,
      data,
    });
    result.volumes.push(volumeOf(volume, name, ofKind));
    result.mounts.push(...mountsOf(volume, ofKind));
  }
  const secrets = files.filter(({ kind }) => kind === "secret");
  if (secrets.length > 0) {
    const name = `${service}-secrets`;
    const base64 = (text: string) => Buffer.from(text).toString("base64");
    result.secret = {
      metadata: { name, namespace, labels },
      type: "Opaque",
      data: Object.fromEntries(secrets.map(({ path, content }) => [secretKey(path), mapInput(content, base64)])),
    };
    const [source, copy] = [`${prefix}secrets-source`, `${prefix}secrets`];
    result.volumes.push(
      { name: source, secret: { secretName: name, defaultMode: 0o400 } },
      { name: copy, emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
    );
    const elsewhere = secrets.filter(({ path }) => dirname(path) !== SECRETS);
    result.mounts.push(
      { name: copy, mountPath: SECRETS, readOnly: true },
      ...elsewhere.map(({ path }) => ({ name: copy, mountPath: path, subPath: secretKey(path), readOnly: true })),
    );
    result.secretSource = { name: source, mountPath: "/run/secrets-source", readOnly: true };
  }
  const later = files.filter(({ kind }) => kind === "secret" || kind === "certificate");
  if (later.length > 0) {
    const sum = mapInputs(
      later.map(({ content }) => content),
      contents => hash(JSON.stringify(contents)),
    );
    // A checksum of generated passwords gives none of them away, and as a secret it would hide every change of the pod.
    result.checksum = pulumi.Output.isInstance(sum) ? pulumi.unsecret(pulumi.output(sum)) : sum;
  }
  return result;
}
