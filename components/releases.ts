import { seconds, type ReleaseDeclaration, type System } from "../systems/declaration";
import images from "../images.lock.json";
import type { StackConfig } from "../config";
import { versionOf } from "./backends/kubernetes/labels";
import { portsOf } from "./backends/kubernetes/ports";
import { releasedServices, trackName } from "./backends/kubernetes/tracks";

/** An image with the version that its pods' label `version` says. */
export interface Version {
  image: string;
  version: string;
}

/** Where the release of a service stands, from stack config alone. */
export interface Release {
  /** What the service's own Deployment runs. */
  stable: Version;
  /** What runs beside it. @default - no release is under way */
  candidate?: Version;
  /** Version that clients get. */
  live: string;
}

const lock: Record<string, string> = images;
const versioned = (image: string): Version => ({ image, version: versionOf(image) });

type Config = Pick<StackConfig, "images" | "releases">;

export function releaseOf(system: System, config: Config, service: string): Release {
  const stable = versioned(config.images[service] ?? lock[system.services[service]!.image ?? service]!);
  const { candidate, live } = config.releases[service] ?? {};
  return { stable, ...(candidate ? { candidate: versioned(candidate) } : {}), live: live ?? stable.version };
}

/** What is wrong with a stack's releases, each a sentence that names key and value, and what is allowed. */
export function releaseFaults(system: System, config: Config & Pick<StackConfig, "backend">): string[] {
  const released = releasedServices(system);
  return Object.keys(config.releases).flatMap(service => {
    const key = `releases.${service}`;
    if (!released.includes(service)) return [`${key}: is not released by a switch; released are ${released.join(", ") || "none"}`];
    if (config.backend !== "kubernetes") return [`${key}: one machine's Docker runs one version; set images.${service} instead, and remove it`];
    const { stable, candidate, live } = releaseOf(system, config, service);
    const versions = [stable.version, ...(candidate ? [candidate.version] : [])];
    const faults: string[] = [];
    if (candidate?.version === stable.version) {
      faults.push(`${key}.candidate: "${candidate.image}" has the version of ${stable.image}, which runs; give it another tag`);
    }
    if (!versions.includes(live)) faults.push(`${key}.live: "${live}" is not there to serve; use ${versions.join(" or ")}`);
    return faults;
  });
}

/** A released service, as the operations need it. */
export interface PlannedRelease extends Release {
  service: string;
  /** Name of its candidate's Deployment and Service. */
  next: string;
  /** Port on which it is asked inside the cluster. */
  port: number;
  /** Paths of GET requests that a version of it must answer with 200. */
  smoke: string[];
}

/** How a system's services are released. */
export interface PlannedReleases {
  services: PlannedRelease[];
  gate: Omit<ReleaseDeclaration["gate"], "period"> & { periodSeconds: number };
  rollbackSeconds: number;
  /** Where the gate reads what was measured; each value is at most `scrapeSeconds` old. */
  prometheus: { service: string; port: number; scrapeSeconds: number };
}

export function plannedReleases(system: System, config: Config): PlannedReleases | undefined {
  if (!system.releases) return undefined;
  const { smoke, gate, rollbackWindow } = system.releases;
  const { period, ...limits } = gate;
  const { service, scrapeInterval } = system.observability.prometheus;
  const port = (name: string) => portsOf(system, { name }).service!;
  return {
    services: releasedServices(system).map(name => ({
      ...releaseOf(system, config, name),
      service: name,
      next: trackName(name, "candidate"),
      port: port(name),
      smoke: smoke[name]!,
    })),
    gate: { ...limits, periodSeconds: seconds(period) },
    rollbackSeconds: seconds(rollbackWindow),
    prometheus: { service, port: port(service), scrapeSeconds: seconds(scrapeInterval) },
  };
}
