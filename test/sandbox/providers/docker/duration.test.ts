import fc from "fast-check";
import { parse, print } from "../../../../sandbox/providers/docker/duration";

it.each([
  ["15s", 15e9, "15s"],
  ["60s", 60e9, "1m0s"],
  ["90s", 90e9, "1m30s"],
  ["1h", 3600e9, "1h0m0s"],
  ["1.5s", 1.5e9, "1.5s"],
  ["500ms", 5e8, "500ms"],
  ["0s", 0, "0s"],
  ["0", 0, "0s"],
])("reads %s and prints it as Go does", (text, nanoseconds, printed) => {
  expect(parse(text)).toBe(nanoseconds);
  expect(print(nanoseconds)).toBe(printed);
});

it.each(["", "15", "s", "15 s", "1m30", "-5s", "15x"])("refuses %j", text => expect(parse(text)).toBeUndefined());

it("reads back what it prints", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 1e9 }), milliseconds => parse(print(milliseconds * 1e6)) === milliseconds * 1e6));
});
