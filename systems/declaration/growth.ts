import type { System } from "./system";

/** First host port of what is added, above every runbook's own. */
const FIRST_PORT = 20_000;

/**
 * The same system with more services that serve: each is a twin of the first workload that answers over HTTP, with its own name and port, and the same
 * needs, uses, replicas, tier and release. It says what becomes of a stack when its system grows.
 *
 * @param count how many more
 * @throws Error for a system that serves nothing over HTTP
 */
export function grown(system: System, count: number): System {
  const pattern = Object.keys(system.workloads).find(name => system.workloads[name]!.kind === "http");
  if (!pattern) throw new Error(`${system.name}: workloads: none answers over HTTP, so nothing can be added that does; declare one`);
  const twins = Array.from({ length: count }, (_, index) => ({ name: `${pattern}-${index + 1}`, port: FIRST_PORT + index }));
  const named = <T>(of: (port: number) => T) => Object.fromEntries(twins.map(({ name, port }) => [name, of(port)]));
  const likePattern = <T>(parts: Record<string, T>): Record<string, T> => ({ ...parts, ...(pattern in parts ? named(() => parts[pattern]!) : {}) });
  const row = system.services[pattern]!;
  const names = twins.map(({ name }) => name);
  return {
    ...system,
    services: { ...system.services, ...named(port => ({ ...row, port, containerPort: undefined, scrape: { port } })) },
    workloads: likePattern(system.workloads),
    availability: likePattern(system.availability),
    releases: system.releases && { ...system.releases, smoke: likePattern(system.releases.smoke) },
    tiers: Object.fromEntries(
      Object.entries(system.tiers).map(([tier, services]) => [tier, services.includes(pattern) ? [...services, ...names] : services]),
    ) as System["tiers"],
  };
}
