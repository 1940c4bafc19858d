import * as fc from "fast-check";
import { bytes, cores, mebibytes, port, seconds, UnitError, type Duration, type Memory } from "../../systems/declaration";

describe("memory", () => {
  test.each<[Memory, number]>([
    ["2G", 2048],
    ["1.5G", 1536],
    ["768M", 768],
    ["64M", 64],
  ])("%s is %d MiB", (text, expected) => expect(mebibytes(text)).toBe(expected));

  test.each(["2g", "2GB", "2", "0M", "-1G", "1.0001G", "", "G"])("%j is refused", text => {
    expect(() => mebibytes(text as Memory, "services.redis.memory")).toThrow(
      new UnitError("services.redis.memory", text, "a whole number of mebibytes written with G or M, such as 512M, 2G or 1.5G"),
    );
  });

  test("a gibibyte is 1024 mebibytes whatever the number", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 4096 }), size => mebibytes(`${size}G`) === mebibytes(`${size * 1024}M`)));
  });

  test("bytes are binary", () => expect(bytes("2G")).toBe(2 ** 31));
});

test.each<[Duration, number]>([
  ["30s", 30],
  ["5m", 300],
  ["168h", 604_800],
  ["90d", 7_776_000],
])("%s is %d seconds", (text, expected) => expect(seconds(text)).toBe(expected));

test.each(["30", "1.5h", "5 m", "", "m"])("duration %j is refused", text => {
  expect(() => seconds(text as Duration, "retention")).toThrow(/^retention: ".*" is not allowed; use a whole number followed by s, m, h or d/);
});

test.each([0, -1, 0.001, NaN])("%d cores are refused", value => expect(() => cores(value)).toThrow(UnitError));
test.each([0.01, 0.25, 21])("%d cores are allowed", value => expect(cores(value)).toBe(value));
test.each([0, 65_536, 80.5])("port %d is refused", value => expect(() => port(value, "services.x.port")).toThrow(/^services.x.port: .* 1 to 65535$/));
