import type { CheckFailure } from "@pulumi/pulumi/provider";
import { isUnknown, type Props, type Wire } from "../../bridge/values";

/** What the official plugin refuses of a container's uploads, found before anything is created. */
function uploadFailures(uploads: Props[]): CheckFailure[] {
  return uploads.flatMap((upload, index) => {
    const given = ["content", "contentBase64", "source"].filter(key => upload[key]);
    if (given.length === 1) return [];
    const reason =
      given.length === 0
        ? "one of 'content', 'contentBase64' or 'source' must be set, and not empty"
        : `only one of 'content', 'contentBase64' or 'source' can be set, not ${given.join(" and ")}`;
    return [{ property: `uploads[${index}]`, reason }];
  });
}

function volumeFailures(volumes: Props[]): CheckFailure[] {
  return volumes.flatMap((volume, index) => {
    const property = `volumes[${index}]`;
    if (!volume.fromContainer && !volume.containerPath) {
      return [{ property, reason: "volume entry without containerPath or fromContainer" }];
    }
    if (volume.fromContainer && volume.containerPath) {
      return [{ property, reason: "both fromContainer and containerPath in one volume entry" }];
    }
    return [];
  });
}

/**
 * Refusals of the official plugin that take more than one property to see. It finds most of them while creating; here
 * they are found at preview, in the plugin's words.
 */
export function refuse(inputs: Props): CheckFailure[] {
  const found: CheckFailure[] = [];
  const known = (key: string): Wire => (isUnknown(inputs[key]) ? undefined : inputs[key]);
  if (known("command")?.some((word: string) => word === "")) {
    found.push({ property: "command", reason: "values for command may not be empty" });
  }
  if (known("gpus") && known("deviceRequests")) {
    found.push({ property: "gpus", reason: 'conflicts with "deviceRequests"' });
  }
  const cpus = known("cpus");
  if (cpus && !/^\d+(\.\d{1,9})?$/.test(cpus)) {
    found.push({ property: "cpus", reason: `Error setting cpus: ${JSON.stringify(cpus)} is not a decimal number such as "1.5"` });
  }
  found.push(...uploadFailures(known("uploads") ?? []), ...volumeFailures(known("volumes") ?? []));
  return found;
}
