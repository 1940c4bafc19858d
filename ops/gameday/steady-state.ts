import { missing } from "../health";
import { isWell } from "../health";
import { until } from "./until";
import type { Probe } from "./experiment";
import type { Tools } from "./tools";

/** The platform does its work. */
export function serving(tools: Tools): Probe[] {
  return [
    {
      name: "every service is healthy",
      // A scrape, a decision and a health check come only every so often.
      ask: patience =>
        until(patience, async () => {
          const found = await tools.containers.all();
          const ill = found.filter(container => !container.job && !isWell(container)).map(({ service, state }) => `${service} is ${state}`);
          const absent = missing(tools.plan.services, found).map(name => `${name} is missing`);
          const bad = [...ill, ...absent];
          return { held: bad.length === 0, expected: "all of them", found: bad.join(", ") || `${found.filter(({ job }) => !job).length} healthy` };
        }),
    },
    {
      name: "every scrape target is up",
      ask: patience =>
        until(patience, async () => {
          const targets = await tools.prometheus.query("up");
          const down = targets.filter(({ value }) => value !== 1).map(({ metric }) => metric.job ?? "?");
          return { held: down.length === 0 && targets.length > 0, expected: "all of them", found: down.join(", ") || `${targets.length} up` };
        }),
    },
    {
      name: "decisions are made and stored",
      ask: patience =>
        until(patience, async () => {
          const age = Number(await tools.database.sql('SELECT extract(epoch FROM now() - max("timestamp")) FROM trading_decisions'));
          return { held: age < FRESH_SECONDS, expected: `one younger than ${FRESH_SECONDS} s`, found: `the newest is ${age.toFixed(1)} s old` };
        }),
    },
  ];
}

const FRESH_SECONDS = 60;

/** What would be lost now could be had again. */
export function recoverable(tools: Tools): Probe[] {
  return tools.backups.restorable.map(job => ({
    name: `the vault is reachable and the newest backup of ${job} is valid`,
    // A first `up` makes its first backups after it has returned.
    ask: patience =>
      until(patience, async () => {
        const [newest] = await tools.backups.list(job);
        if (!newest) return { held: false, expected: "a valid backup", found: "none" };
        await tools.backups.verify(job);
        return { held: true, expected: "a valid backup", found: newest.id };
      }),
  }));
}
