import { stringify } from "yaml";
import type { System } from "../../systems/declaration";

/** Provisioning file of the dashboards: one folder per system, read-only in the browser, since code is where they are changed. */
export function dashboardsYaml(system: System, path: string): string {
  return stringify({
    apiVersion: 1,
    providers: [
      {
        name: system.name,
        orgId: 1,
        type: "file",
        folder: system.name,
        folderUid: system.name,
        allowUiUpdates: false,
        // A page that is no longer declared goes.
        disableDeletion: false,
        updateIntervalSeconds: 60,
        options: { path },
      },
    ],
  });
}
