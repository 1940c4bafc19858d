import { layout } from "../../../components/grafana/layout";
import { stat, timeseries } from "../../../components/grafana/panel";
import { promql } from "../../../components/grafana/query";

const query = promql("up");

test("panels wrap at 24 columns, below the tallest of their line, and a heading starts a new one", () => {
  const placed = layout([
    { title: "first", panels: [stat("a", "short", query), timeseries("b", "short", query), timeseries("c", "short", query)] },
    { title: "second", panels: [stat("d", "short", query)] },
  ]);
  expect(placed.map(({ position }) => position)).toEqual([
    { x: 0, y: 0, w: 24, h: 1 },
    { x: 0, y: 1, w: 6, h: 4 },
    { x: 6, y: 1, w: 12, h: 8 },
    { x: 0, y: 9, w: 12, h: 8 },
    { x: 0, y: 17, w: 24, h: 1 },
    { x: 0, y: 18, w: 6, h: 4 },
  ]);
});
