import type { PortMap } from "dockerode";
import type { Props } from "../../bridge/values";

/** One published port as the plugin's state holds it. */
export interface Port {
  internal: number;
  external: number;
  ip: string;
  protocol: string;
}

/** The published ports that Docker reports, by internal port. A stopped container publishes none. */
export function observedPorts(ports: PortMap | undefined): Port[] {
  return Object.entries(ports ?? {})
    .flatMap(([key, bindings]) => {
      const [internal, protocol = "tcp"] = key.split("/");
      return (bindings ?? []).map(binding => ({
        internal: Number(internal),
        external: Number(binding.HostPort),
        ip: binding.HostIp ?? "",
        protocol,
      }));
    })
    .sort((a, b) => a.internal - b.internal);
}

/** True when each port of the program is published as asked; a port without `external` takes whatever Docker chose. */
export function samePorts(before: Port[] = [], after: Partial<Port>[] = []): boolean {
  if (before.length !== after.length) return false;
  return after.every(wanted =>
    before.some(
      port =>
        port.internal === wanted.internal &&
        port.protocol === (wanted.protocol ?? "tcp") &&
        port.ip === (wanted.ip || "0.0.0.0") &&
        (wanted.external === undefined || port.external === wanted.external),
    ),
  );
}

/** Exposed ports and bindings for the Docker API; without `external` Docker picks a free port. */
export function lowerPorts(ports: Props[] = []) {
  const exposed: Record<string, object> = {};
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of ports) {
    const key = `${port.internal}/${port.protocol}`;
    exposed[key] = {};
    (bindings[key] ??= []).push({ HostIp: port.ip, HostPort: String(port.external ?? 0) });
  }
  return { exposed, bindings };
}
