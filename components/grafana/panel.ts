import type { System, Threshold } from "../../systems/declaration";
import { logql, matching, ofServices, type Query } from "./query";

/** A value's meaning, for states that are numbers. */
export interface State {
  value: number;
  text: string;
  color: string;
}

/** One panel as data; render.ts makes it Grafana's. */
export interface Panel {
  kind: "stat" | "timeseries" | "states" | "table" | "logs";
  title: string;
  queries: Query[];
  /** Grid columns of 24. */
  width: number;
  /** Grid rows of 30 pixels. */
  height: number;
  /** Grafana's unit id. */
  unit?: string;
  description?: string;
  /** The declaration's threshold: colours, and a line in a graph. */
  threshold?: Threshold;
  /** Alert whose page the panel links to. */
  alert?: string;
  states?: State[];
}

type Options = Partial<Pick<Panel, "description" | "threshold" | "alert" | "width" | "height">>;

const list = (queries: Query | Query[]) => [queries].flat();

/** One number, now. */
export function stat(title: string, unit: string, query: Query, options: Options = {}): Panel {
  return { kind: "stat", title, unit, queries: [query], width: 6, height: 4, ...options };
}

/** Lines over time, from zero. */
export function timeseries(title: string, unit: string, queries: Query | Query[], options: Options = {}): Panel {
  return { kind: "timeseries", title, unit, queries: list(queries), width: 12, height: 8, ...options };
}

/** A bar per series that changes colour with its state. */
export function stateTimeline(title: string, states: State[], query: Query, options: Options = {}): Panel {
  return { kind: "states", title, states, queries: [query], width: 12, height: 8, ...options };
}

/** Rows of a database query. */
export function table(title: string, query: Query, options: Options = {}): Panel {
  return { kind: "table", title, queries: [query], width: 12, height: 8, ...options };
}

/** Newest log lines, over the page's whole width. */
export function logLines(title: string, query: Query): Panel {
  return { kind: "logs", title, queries: [query], width: 24, height: 10 };
}

/** The newest log lines of services. */
export function logs(system: System, services: string[]): Panel {
  return logLines("Logs", logql(matching(system, ofServices(services))));
}

export const upOrDown: State[] = [
  { value: 0, text: "down", color: "red" },
  { value: 1, text: "up", color: "green" },
];
