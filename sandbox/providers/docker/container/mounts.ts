import type { MountSettings } from "dockerode";
import type { Props } from "../../bridge/values";
import { fromMap, toMap } from "../labels";

/** Mounts for the Docker API. */
export function lowerMounts(mounts: Props[] = []): MountSettings[] {
  return mounts.map(mount => ({
    Type: mount.type,
    Target: mount.target,
    Source: mount.source ?? "",
    ReadOnly: mount.readOnly ?? false,
    ...(mount.bindOptions && { BindOptions: { Propagation: mount.bindOptions.propagation } }),
    ...(mount.tmpfsOptions && {
      TmpfsOptions: { SizeBytes: mount.tmpfsOptions.sizeBytes ?? 0, Mode: mount.tmpfsOptions.mode ?? 0 },
    }),
    ...(mount.volumeOptions && {
      VolumeOptions: {
        NoCopy: mount.volumeOptions.noCopy ?? false,
        Labels: toMap(mount.volumeOptions.labels),
        DriverConfig: {
          Name: mount.volumeOptions.driverName ?? "",
          Options: mount.volumeOptions.driverOptions ?? {},
        },
        ...(mount.volumeOptions.subpath && { Subpath: mount.volumeOptions.subpath }),
      },
    }),
  }));
}

/** Mounts as the plugin's state holds them. */
export function observedMounts(mounts: MountSettings[] | null | undefined): Props[] {
  return (mounts ?? []).map(mount => ({
    type: mount.Type,
    target: mount.Target,
    source: mount.Source ?? "",
    readOnly: mount.ReadOnly ?? false,
    ...(mount.BindOptions && { bindOptions: { propagation: mount.BindOptions.Propagation } }),
    ...(mount.TmpfsOptions && {
      tmpfsOptions: { sizeBytes: mount.TmpfsOptions.SizeBytes ?? 0, mode: mount.TmpfsOptions.Mode ?? 0 },
    }),
    ...(mount.VolumeOptions && {
      volumeOptions: {
        noCopy: mount.VolumeOptions.NoCopy ?? false,
        labels: fromMap(mount.VolumeOptions.Labels),
        driverName: mount.VolumeOptions.DriverConfig?.Name,
        driverOptions: mount.VolumeOptions.DriverConfig?.Options ?? {},
      },
    }),
  }));
}

/** Bind strings and anonymous volumes of the `volumes` property. */
export function lowerVolumes(volumes: Props[] = []) {
  const anonymous: Record<string, object> = {};
  const binds: string[] = [];
  const from: string[] = [];
  for (const volume of volumes) {
    if (volume.fromContainer) {
      from.push(volume.fromContainer);
      continue;
    }
    anonymous[volume.containerPath] = {};
    const source = volume.hostPath || volume.volumeName;
    const mode = [volume.readOnly ? "ro" : "rw", volume.selinuxRelabel].filter(Boolean).join(",");
    if (source) binds.push(`${source}:${volume.containerPath}:${mode}`);
  }
  return { anonymous, binds, from };
}
