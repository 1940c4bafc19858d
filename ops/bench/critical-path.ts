import type { PlannedService } from "../project";
import { duration } from "../progress";
import { readRecord } from "../record";
import type { Measurement } from "./measurement";

/** The longest chain of services that wait for each other, by the seconds that each took. */
export function criticalPath(
  services: Pick<PlannedService, "name" | "needs">[],
  seconds: Record<string, number>,
): { path: string[]; seconds: number } {
  const byName = new Map(services.map(service => [service.name, service]));
  const longest = new Map<string, { path: string[]; seconds: number }>();
  const reach = (name: string): { path: string[]; seconds: number } => {
    const known = longest.get(name);
    if (known) return known;
    const before = (byName.get(name)?.needs ?? []).filter(need => byName.has(need)).map(reach);
    const slowest = before.reduce((most, next) => (next.seconds > most.seconds ? next : most), { path: [] as string[], seconds: 0 });
    const found = { path: [...slowest.path, name], seconds: slowest.seconds + (seconds[name] ?? 0) };
    longest.set(name, found);
    return found;
  };
  return services.map(({ name }) => reach(name)).reduce((most, next) => (next.seconds > most.seconds ? next : most), { path: [], seconds: 0 });
}

/** The last `up` against the least that its graph allows. */
export const upAgainstCriticalPath: Measurement = {
  name: "last up",
  measure(_, { plan, folder }) {
    const { upSeconds, serviceSeconds } = readRecord(folder.path);
    const { path, seconds } = criticalPath(
      plan.services.filter(({ leftOut }) => !leftOut),
      serviceSeconds,
    );
    if (upSeconds === undefined || seconds === 0) return Promise.resolve({ ours: "not measured yet", against: "bin/ops up measures it" });
    return Promise.resolve({
      ours: duration(upSeconds),
      against: `${duration(seconds)} of the critical path ${path.join(" → ")}`,
      ratio: upSeconds / seconds,
    });
  },
};
