import { postgresSeconds, postgresSettings } from "../../../policies/parsers/postgres";

test.each<[string[], Record<string, string>]>([
  [["postgres", "-c", "a=1", "-c", "b = x y"], { a: "1", b: "x y" }],
  [["postgres", "-ca=1", "--wal-level=replica"], { a: "1", wal_level: "replica" }],
  [["postgres", "-c", "a=1", "-c", "a=2"], { a: "2" }],
  [["postgres", "-D", "/data", "-c"], {}],
])("reads the settings of %j", (command, settings) => {
  expect(Object.fromEntries(postgresSettings(command))).toEqual(settings);
});

test.each([
  ["60", 60],
  ["60s", 60],
  ["1min", 60],
  ["1 min", 60],
  ["500ms", 0.5],
  ["0", 0],
])("reads %s as %d seconds", (text, value) => {
  expect(postgresSeconds(text)).toBe(value);
});

test.each(["", "1m", "a", "-1"])("reads no seconds in %j", text => {
  expect(postgresSeconds(text)).toBeUndefined();
});
