import type { DeviceRequest } from "dockerode";
import type { Props } from "../../bridge/values";

/** Device requests of the `gpus` or the `deviceRequests` property. */
export function lowerDeviceRequests(inputs: Props): DeviceRequest[] {
  if (inputs.gpus) {
    const value = (inputs.gpus as string).trim().replace(/^["']|["']$/g, "");
    const ids = value.startsWith("device=") ? value.slice("device=".length).split(",") : undefined;
    return [{ ...(ids ? { DeviceIDs: ids } : { Count: -1 }), Capabilities: [["gpu"]] }];
  }
  return (inputs.deviceRequests ?? []).map((request: Props) => ({
    Driver: request.driver,
    Count: request.count,
    DeviceIDs: request.deviceIds,
    Capabilities: request.capabilities && [request.capabilities],
    Options: request.options,
  }));
}

/** The device properties of the state: whichever of the two the program uses. */
export function observedDeviceRequests(requests: DeviceRequest[] | null | undefined, prior: Props): Props {
  if (prior.gpus) {
    const [only, ...more] = requests ?? [];
    if (more.length > 0) return {};
    if (!only) return { gpus: "" };
    if (only.DeviceIDs?.length) return { gpus: `device=${only.DeviceIDs.join(",")}` };
    return only.Count === -1 ? { gpus: "all" } : {};
  }
  if (!prior.deviceRequests) return {};
  return {
    deviceRequests: (requests ?? []).map(request => ({
      driver: request.Driver ?? "",
      count: request.Count ?? 0,
      deviceIds: request.DeviceIDs ?? [],
      capabilities: request.Capabilities?.[0] ?? [],
      options: request.Options ?? {},
    })),
  };
}
