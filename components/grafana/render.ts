import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import {
  GraphGradientMode,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  LogsSortOrder,
  TooltipDisplayMode,
  VisibilityMode,
} from "@grafana/grafana-foundation-sdk/common";
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as LogsPanel } from "@grafana/grafana-foundation-sdk/logs";
import * as loki from "@grafana/grafana-foundation-sdk/loki";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatPanel } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as StateTimelinePanel } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as TablePanel } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeseriesPanel } from "@grafana/grafana-foundation-sdk/timeseries";
import type { System } from "../../systems/declaration";
import { runbookUrl } from "../observability/rules";
import { datasourceTypes, type DatasourceName } from "./datasources";
import { layout } from "./layout";
import type { Page } from "./page";
import type { Panel } from "./panel";
import type { Query } from "./query";
import { SqlQueryBuilder } from "./sql-query";
import { thresholdSteps } from "./thresholds";

const reference = (uid: DatasourceName) => ({ uid, type: datasourceTypes[uid] });

function target(query: Query, index: number, kind: Panel["kind"]): Builder<Dataquery> {
  const refId = String.fromCharCode("A".charCodeAt(0) + index);
  switch (query.datasource) {
    case "prometheus": {
      const builder = new prometheus.DataqueryBuilder()
        .refId(refId)
        .datasource(reference("prometheus"))
        .expr(query.text)
        .editorMode(prometheus.QueryEditorMode.Code);
      if (query.legend) builder.legendFormat(query.legend);
      return kind === "stat" ? builder.instant() : builder.range();
    }
    case "loki":
      return new loki.DataqueryBuilder()
        .refId(refId)
        .datasource(reference("loki"))
        .expr(query.text)
        .queryType("range")
        .editorMode(loki.QueryEditorMode.Code);
    case "timescaledb":
      return new SqlQueryBuilder(query.text)
        .refId(refId)
        .datasource(reference("timescaledb"))
        .format(kind === "timeseries" ? "time_series" : "table");
  }
}

function visualization({ kind, unit, threshold, states }: Panel) {
  switch (kind) {
    case "stat":
      return new StatPanel()
        .unit(unit!)
        .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]).values(false))
        .colorMode(threshold ? common.BigValueColorMode.Background : common.BigValueColorMode.Value)
        .graphMode(common.BigValueGraphMode.None);
    case "timeseries": {
      const panel = new TimeseriesPanel()
        .unit(unit!)
        .min(0)
        .legend(new common.VizLegendOptionsBuilder().displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom).showLegend(true).calcs([]))
        .tooltip(new common.VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(common.SortOrder.Descending))
        .lineWidth(1)
        .fillOpacity(8)
        .gradientMode(GraphGradientMode.None)
        .showPoints(VisibilityMode.Never);
      return threshold ? panel.thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed)) : panel;
    }
    case "states":
      return new StateTimelinePanel().mappings([
        {
          type: dashboard.MappingType.ValueToText,
          options: Object.fromEntries(states!.map(({ value, text, color }, index) => [String(value), { text, color, index }])),
        },
      ]);
    case "table":
      return new TablePanel();
    case "logs":
      return new LogsPanel().showTime(true).showLabels(false).wrapLogMessage(true).enableLogDetails(true).sortOrder(LogsSortOrder.Descending);
  }
}

function panelBuilder(panel: Panel, id: number, position: dashboard.GridPos, docsUrl: string) {
  const builder = visualization(panel)
    .id(id)
    .title(panel.title)
    .gridPos(position)
    .datasource(reference(panel.queries[0]!.datasource))
    .targets(panel.queries.map((query, index) => target(query, index, panel.kind)));
  if (panel.description) builder.description(panel.description);
  if (panel.threshold)
    builder.thresholds(new dashboard.ThresholdsConfigBuilder().mode(dashboard.ThresholdsMode.Absolute).steps(thresholdSteps(panel.threshold)));
  if (panel.alert) {
    builder.links([
      new dashboard.DashboardLinkBuilder(`Alert: ${panel.alert}`)
        .type(dashboard.DashboardLinkType.Link)
        .url(runbookUrl(docsUrl, panel.alert))
        .targetBlank(true),
    ]);
  }
  return builder;
}

/** uid of a system's page; Grafana allows 40 characters. */
export const pageUid = (system: System, page: Page) => `${system.name}-${page.slug}`;

/** A page as Grafana's dashboard. */
export function render(system: System, page: Page, docsUrl: string): dashboard.Dashboard {
  const builder = new dashboard.DashboardBuilder(page.title)
    .uid(pageUid(system, page))
    .tags([system.name])
    .readonly()
    .timezone("utc")
    .time({ from: "now-1h", to: "now" })
    .refresh("30s")
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .variables([])
    .link(
      new dashboard.DashboardLinkBuilder("Pages").type(dashboard.DashboardLinkType.Dashboards).tags([system.name]).asDropdown(true).keepTime(true),
    )
    .link(new dashboard.DashboardLinkBuilder("Runbook").type(dashboard.DashboardLinkType.Link).url(`${docsUrl}/${system.runbook}`).targetBlank(true));
  layout(page.rows).forEach((placed, index) => {
    const id = index + 1;
    if ("row" in placed) builder.withRow(new dashboard.RowBuilder(placed.row).id(id).gridPos(placed.position));
    else builder.withPanel(panelBuilder(placed.panel, id, placed.position, docsUrl));
  });
  return builder.build();
}
