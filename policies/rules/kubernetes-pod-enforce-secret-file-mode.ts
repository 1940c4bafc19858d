import { onPods } from "../kubernetes";
import type { ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "kubernetes-pod-enforce-secret-file-mode",
  displayName: "Secret files for the service alone",
  description:
    "A Secret is mounted with mode 0400 and by the container that copies it alone; the copy lies in memory, and the service sees it read-only.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Mount the Secret with defaultMode 0400 into the first container, and its copy from an emptyDir of medium Memory into the service, read-only.",
  tags: ["secrets"],
  validateResource: onPods(({ spec, violation }) => {
    const secret = (spec.volumes ?? []).filter(volume => volume.secret ?? volume.projected?.sources?.some(source => source.secret));
    for (const { name, secret: source } of secret) {
      const modes = [source?.defaultMode, ...(source?.items ?? []).flatMap(({ mode }) => mode ?? [])];
      for (const mode of modes.filter(found => found !== 0o400)) {
        violation(
          `volume ${name} has mode ${mode === undefined ? "0644 by default" : `0${mode.toString(8)}`}, 0400 is required`,
          "Set defaultMode to 0400",
        );
      }
      for (const container of spec.containers ?? []) {
        if (container.volumeMounts?.some(mount => mount.name === name)) {
          violation(`container ${container.name} mounts the Secret itself, where its files are root's and the group's`, "Mount the copy instead");
        }
      }
    }
    // A volume that says nothing of itself is an emptyDir on disk.
    for (const { name, emptyDir } of (spec.volumes ?? []).filter(volume => !secret.some(each => each.name === volume.name))) {
      const places = (spec.containers ?? []).flatMap(({ volumeMounts }) => volumeMounts ?? []).filter(mount => mount.name === name);
      if (!places.some(({ mountPath }) => mountPath.startsWith("/run/secrets"))) continue;
      if (emptyDir?.medium !== "Memory") violation(`volume ${name} keeps secrets on the node's disk, memory is required`, "Set its medium to Memory");
      if (places.some(({ readOnly }) => readOnly !== true))
        violation(`volume ${name} is writable where the service sees its secrets`, "Set readOnly on its mounts");
    }
  }),
};
