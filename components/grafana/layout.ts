import type { GridPos } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Row } from "./page";
import type { Panel } from "./panel";

const COLUMNS = 24;

type Placed = { row: string; position: GridPos } | { panel: Panel; position: GridPos };

/** Places headings and panels from left to right and top to bottom; the SDK's own flow does not wrap a panel that is too wide. */
export function layout(rows: Row[]): Placed[] {
  const placed: Placed[] = [];
  let y = 0;
  for (const { title, panels } of rows) {
    placed.push({ row: title, position: { x: 0, y, w: COLUMNS, h: 1 } });
    y += 1;
    let x = 0;
    let tallest = 0;
    for (const panel of panels) {
      if (x + panel.width > COLUMNS) {
        x = 0;
        y += tallest;
        tallest = 0;
      }
      placed.push({ panel, position: { x, y, w: panel.width, h: panel.height } });
      x += panel.width;
      tallest = Math.max(tallest, panel.height);
    }
    y += tallest;
  }
  return placed;
}
