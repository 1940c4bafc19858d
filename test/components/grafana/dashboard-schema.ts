import * as units from "@grafana/grafana-foundation-sdk/units";
import { z } from "zod";

/**
 * What Grafana 12 reads of a dashboard file, as far as the pages use it (source: the dashboard model of the Foundation SDK and Grafana's
 * own docs on the dashboard JSON model). Strict: a key that Grafana would silently ignore is a fault.
 */
const datasource = z.strictObject({ uid: z.string().min(1), type: z.string().min(1) });

const link = z.strictObject({
  title: z.string().min(1),
  type: z.enum(["link", "dashboards"]),
  icon: z.string(),
  tooltip: z.string(),
  tags: z.array(z.string()),
  asDropdown: z.boolean(),
  placement: z.literal("inControlsMenu"),
  targetBlank: z.boolean(),
  includeVars: z.boolean(),
  keepTime: z.boolean(),
  url: z.url().optional(),
});

const refId = z.string().regex(/^[A-Z]$/);

const target = z.union([
  z.strictObject({
    refId,
    datasource,
    expr: z.string().min(1),
    legendFormat: z.string().min(1).optional(),
    editorMode: z.literal("code"),
    instant: z.boolean(),
    range: z.boolean(),
  }),
  z.strictObject({ refId, datasource, expr: z.string().min(1), queryType: z.literal("range"), editorMode: z.literal("code") }),
  z.strictObject({
    refId,
    datasource,
    rawSql: z.string().min(1),
    rawQuery: z.literal(true),
    format: z.enum(["table", "time_series"]),
    editorMode: z.literal("code"),
  }),
]);

const colors = ["green", "yellow", "orange", "red"] as const;

const thresholds = z.strictObject({
  mode: z.literal("absolute"),
  steps: z
    .array(z.strictObject({ value: z.number().nullable(), color: z.enum(colors) }))
    .min(2)
    .refine(
      steps => steps.every(({ value }, index) => (index === 0 ? value === null : value !== null && value > (steps[index - 1]!.value ?? -Infinity))),
      "steps rise from null",
    ),
});

const mapping = z.strictObject({
  type: z.literal("value"),
  options: z.record(z.string().regex(/^\d+$/), z.strictObject({ text: z.string().min(1), color: z.enum(colors), index: z.int() })),
});

const gridPos = z
  .strictObject({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1), h: z.int().min(1) })
  .refine(({ x, w }) => x + w <= 24, "inside 24 columns");

const row = z.strictObject({
  type: z.literal("row"),
  id: z.int().min(1),
  title: z.string().min(1),
  collapsed: z.literal(false),
  panels: z.array(z.never()),
  gridPos,
});

const panelOf = <Type extends string, Custom extends z.ZodType>(type: Type, unit: z.ZodType, custom: Custom, options: z.ZodType) =>
  z.strictObject({
    type: z.literal(type),
    id: z.int().min(1),
    title: z.string().min(1),
    description: z.string().min(1).optional(),
    transparent: z.literal(false),
    repeatDirection: z.literal("h"),
    gridPos,
    datasource,
    targets: z.array(target).min(1),
    links: z.array(link).optional(),
    options,
    fieldConfig: z
      .strictObject({
        defaults: z.strictObject({
          unit,
          min: z.number().optional(),
          thresholds: thresholds.optional(),
          mappings: z.array(mapping).optional(),
          custom,
        }),
        overrides: z.array(z.never()),
      })
      .optional(),
  });

const unit = z.enum(Object.values(units) as [string, ...string[]]);
const none = z.undefined().optional();

const graphOptions = z.looseObject({
  legend: z.looseObject({ showLegend: z.literal(true), displayMode: z.literal("list"), placement: z.literal("bottom") }),
});
const statOptions = z.looseObject({ reduceOptions: z.strictObject({ calcs: z.tuple([z.literal("lastNotNull")]), values: z.literal(false) }) });

const panel = z.discriminatedUnion("type", [
  row,
  panelOf("stat", unit, none, statOptions),
  panelOf("timeseries", unit, z.looseObject({ thresholdsStyle: z.strictObject({ mode: z.literal("dashed") }).optional() }), graphOptions),
  panelOf("state-timeline", none, z.unknown(), z.unknown()),
  panelOf("table", none, z.unknown(), z.unknown()),
  panelOf("logs", none, none, z.looseObject({ showTime: z.literal(true), sortOrder: z.literal("Descending") })),
]);

export const dashboardSchema = z.strictObject({
  uid: z.string().regex(/^[a-zA-Z0-9_-]{8,40}$/),
  title: z.string().min(1),
  tags: z.array(z.string().min(1)).min(1),
  timezone: z.literal("utc"),
  editable: z.literal(false),
  graphTooltip: z.literal(1),
  fiscalYearStartMonth: z.literal(0),
  schemaVersion: z.literal(42),
  templating: z.strictObject({ list: z.array(z.never()) }),
  annotations: z.strictObject({}),
  time: z.strictObject({ from: z.literal("now-1h"), to: z.literal("now") }),
  refresh: z.string().regex(/^\d+[sm]$/),
  links: z.array(link),
  panels: z.array(panel).min(2),
});

export type Dashboard = z.infer<typeof dashboardSchema>;
