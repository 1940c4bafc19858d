import type { System } from "../systems/declaration";
import images from "../images.lock.json";
import type { StackConfig } from "../config";
import { versionOf } from "./backends/kubernetes/labels";

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

/** Services that are released, by the declaration. */
export const releasedServices = (system: System): string[] => Object.keys(system.releases?.smoke ?? {});

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
