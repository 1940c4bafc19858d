import { parseRedisConf } from "../../../policies/parsers/redis-conf";

test.each([
  ["maxmemory 100", 100],
  ["maxmemory 1k", 1000],
  ["maxmemory 1kb", 1024],
  ["maxmemory 3m", 3_000_000],
  ["maxmemory 3mb", 3_145_728],
  ["maxmemory 2g", 2_000_000_000],
  ["maxmemory 2gb", 2_147_483_648],
  ["MAXMEMORY 2GB", 2_147_483_648],
  ["maxmemory 1g\nmaxmemory 2g", 2_000_000_000],
  ["# maxmemory 2g", 0],
  ["", 0],
  ["maxmemory 2t", Number.NaN],
])("reads %j as %d bytes", (text, bytes) => {
  expect(parseRedisConf(text).maxmemory).toBe(bytes);
});

test.each([
  ["", true],
  ['save ""', false],
  ["save ''", false],
  ["save 3600 1", true],
  ['save ""\nsave 60 1', true],
  ['save 60 1\nsave ""', false],
  ['save ""\nappendonly yes', true],
  ['save ""\nappendonly no', false],
  ['save ""\nappendonly yes\nappendonly no', false],
])("reads %j as persistent: %s", (text, persistent) => {
  expect(parseRedisConf(text).persistent).toBe(persistent);
});

test("reads Redis's default eviction, which is none", () => {
  expect(parseRedisConf("").evicts).toBe("noeviction");
});
