import { seconds } from "../../../policies/parsers/duration";

test.each([
  ["15s", 15],
  ["1m30s", 90],
  ["500ms", 0.5],
  ["1.5h", 5400],
  ["0s", 0],
])("reads %s as %d seconds", (text, value) => {
  expect(seconds(text)).toBe(value);
});

test.each([undefined, "", "15", "15 s", "s", "1d"])("reads no duration in %j", text => {
  expect(seconds(text)).toBeUndefined();
});
