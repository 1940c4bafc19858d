import type { System } from "../../systems/declaration";
import type { DatasourceName } from "./datasources";
import { pages } from "./pages";
import { withoutMacros } from "./query";
import { pageUid, render } from "./render";

export interface DashboardFile {
  uid: string;
  title: string;
  json: string;
}

/**
 * Every dashboard of a system, as Grafana's provisioning reads it.
 *
 * @param docsUrl address under which this project's files can be read; base of the links to alert pages
 */
export function dashboards(system: System, docsUrl: string): DashboardFile[] {
  return pages(system).map(page => {
    const dashboard = render(system, page, docsUrl);
    return { uid: pageUid(system, page), title: page.title, json: `${JSON.stringify(dashboard, null, 1)}\n` };
  });
}

/** A panel's query as a server takes it, with Grafana's macros filled in. */
export interface DashboardQuery {
  dashboard: string;
  panel: string;
  datasource: DatasourceName;
  query: string;
  /** A quiet system answers nothing: the series appear with the first such event. */
  sparse: boolean;
}

/** Every query of every panel, for checks against the live servers. */
export function dashboardQueries(system: System): DashboardQuery[] {
  return pages(system).flatMap(page =>
    page.rows.flatMap(({ panels }) =>
      panels.flatMap(panel =>
        panel.queries.map(({ datasource, text, sparse }) => ({
          dashboard: pageUid(system, page),
          panel: panel.title,
          datasource,
          query: withoutMacros(text),
          sparse: sparse ?? false,
        })),
      ),
    ),
  );
}
