import { readExpression } from "../../../policies/parsers/promql";

test.each<[string, string[], string[]]>([
  ["a > 1", ["> 1"], []],
  ["(sum by (x) (rate(a[5m])) / 60) >= 0.8", [">= 0.8"], ["5m", "60"]],
  ["min(a or b) == 0", ["== 0"], []],
  ["max(a / (b > 0)) < 4", ["< 4"], ["0"]],
  ["count(a == 2) and on (x) (count(b) >= 1)", [">= 1"], ["2"]],
  ["a > 1 or b > 2", ["> 1", "> 2"], []],
  ["absent(a) or absent(b)", [], []],
  ["max_over_time(a[1h:5m] offset 10m) != 1", ["!= 1"], ["1h", "5m", "10m"]],
  ["a > b", ["> b"], []],
])("reads %s by its grammar", (expr, limits, numbers) => {
  expect(readExpression(expr)).toEqual({ limits, numbers });
});

test.each(["sum(", "a >", ""])("finds no PromQL in %j", expr => {
  expect(readExpression(expr)).toBeUndefined();
});
