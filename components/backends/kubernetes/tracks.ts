import type { System } from "../../../systems/declaration";

/** Which of a released service's two Deployments a pod belongs to. Their versions change places; this does not. */
export type Track = "stable" | "candidate";

/** The stable one has the service's own name. */
export const trackName = (name: string, track: Track): string => (track === "stable" ? name : `${name}-next`);

/** Services that are released, by the declaration. */
export const releasedServices = (system: System): string[] => Object.keys(system.releases?.smoke ?? {});

/** What selects the pods of one Deployment beside another that has the service's name in common. */
export function trackLabels({ system }: { system: System }, { main }: { main: { name: string } }, track: Track): Record<string, string> {
  return releasedServices(system).includes(main.name) ? { track } : {};
}
