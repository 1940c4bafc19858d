import type { System } from "../../../systems/declaration";
import { datasources } from "../datasources";
import type { Page, PageOf } from "../page";
import { backups } from "./backups";
import { circuitBreakers } from "./circuit-breakers";
import { cluster } from "./cluster";
import { containers } from "./containers";
import { gpu } from "./gpu";
import { host } from "./host";
import { kafka } from "./kafka";
import { mlflow } from "./mlflow";
import { observability } from "./observability";
import { platform } from "./platform";
import { redis } from "./redis";
import { timescaledb } from "./timescaledb";
import { training } from "./training";
import { workloads } from "./workloads";

const all: PageOf[] = [
  platform,
  timescaledb,
  kafka,
  redis,
  mlflow,
  workloads,
  circuitBreakers,
  training,
  backups,
  containers,
  host,
  cluster,
  observability,
  gpu,
];

/** The pages of a system: one of the whole, and one for each part that it has. Panels whose data source it lacks are left out. */
export function pages(system: System): Page[] {
  const provisioned = new Set(datasources(system).map(({ uid }) => uid));
  return all.flatMap(pageOf => {
    const page = pageOf(system);
    const rows = (page?.rows ?? [])
      .map(row => ({ ...row, panels: row.panels.filter(({ queries }) => queries.every(({ datasource }) => provisioned.has(datasource))) }))
      .filter(({ panels }) => panels.length > 0);
    return page && rows.length > 0 ? [{ ...page, rows }] : [];
  });
}
