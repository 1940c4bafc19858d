import { redisConfig } from "../../../components/redis/redis";
import { ultrathink } from "../../../systems/ultrathink";

test("the cache holds 2GB, evicts and keeps nothing on disk", () => {
  const config = redisConfig(ultrathink.redis.redis!).split("\n");
  expect(config).toEqual(expect.arrayContaining(["maxmemory 2000000000", "maxmemory-policy allkeys-lru", 'save ""', "appendonly no"]));
});

test("the queue never evicts and writes both logs", () => {
  const config = redisConfig(ultrathink.redis["redis-queue"]!).split("\n");
  expect(config).toEqual(expect.arrayContaining(["maxmemory-policy noeviction", "appendonly yes", "save 300 1"]));
});

test("the password comes from an included file, so the config can be read by anyone", () => {
  for (const redis of Object.values(ultrathink.redis)) {
    expect(redisConfig(redis)).toContain("include /run/secrets/redis-auth.conf");
    expect(redisConfig(redis)).not.toMatch(/requirepass/);
  }
});
