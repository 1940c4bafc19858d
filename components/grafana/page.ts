import type { System } from "../../systems/declaration";
import type { Panel } from "./panel";

/** Panels under one heading. */
export interface Row {
  title: string;
  panels: Panel[];
}

/** One dashboard as data. */
export interface Page {
  /** Last part of the uid, so that addresses of pages never change. */
  slug: string;
  title: string;
  rows: Row[];
}

/** Makes a system's page about a part, or none where the system does not have it. */
export type PageOf = (system: System) => Page | undefined;

/** Services of these names that the system runs. */
export function present(system: System, ...names: (string | undefined)[]): string[] {
  return names.filter((name): name is string => name !== undefined && name in system.services);
}
