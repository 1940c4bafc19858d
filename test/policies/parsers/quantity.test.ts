import { quantity } from "../../../policies/parsers/quantity";

test.each<[string | number | undefined, number | undefined]>([
  ["500m", 0.5],
  ["1", 1],
  [2, 2],
  ["1.5Gi", 1.5 * 2 ** 30],
  ["128Mi", 128 * 2 ** 20],
  ["1G", 1e9],
  ["1GiB", undefined],
  ["", undefined],
  [undefined, undefined],
])("reads %j as %j", (text, value) => {
  expect(quantity(text)).toBe(value);
});
