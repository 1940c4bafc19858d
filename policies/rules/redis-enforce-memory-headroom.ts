import { onParts, onlyText, type Part } from "../parts";
import { parseRedisConf } from "../parsers/redis-conf";
import { thresholds, type StackRule } from "../rule";

const configSchema = {
  properties: {
    persistentHeadroom: {
      type: "number" as const,
      minimum: 1,
      default: 1.6,
      description:
        "Least memory limit as a multiple of maxmemory where Redis persists: a snapshot or rewrite copies the pages that are written meanwhile.",
    },
    cacheHeadroom: {
      type: "number" as const,
      minimum: 1,
      default: 1.05,
      description: "The same without persistence: a full cache under a flood of writes was measured at 1.044 times maxmemory.",
    },
  },
};

const MEBIBYTE = 2 ** 20;

const expectedOf = ({ name, book }: Part) => book?.redis?.[name];

export const rule: StackRule = {
  name: "redis-enforce-memory-headroom",
  displayName: "Redis fits its limit",
  description:
    "Redis has a maxmemory well below its container's limit, 1.6 times where it persists, and the book's eviction and persistence; a cache evicts and is never killed, a queue loses nothing.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Lower maxmemory or switch persistence off in the server's redis.conf, and give it to the server as a config file of kind redis.",
  tags: ["runbook", "resources", "data"],
  configSchema,
  validateStack: onParts(
    part => expectedOf(part) !== undefined || part.files("redis").length > 0,
    "there is no Redis",
    (part, args) => {
      const { memory, violation } = part;
      const expected = expectedOf(part);
      const text = onlyText(part, "redis", "Give it redis.conf as plain text");
      if (text === undefined) return;
      const { maxmemory, evicts, persistent, appendOnly } = parseRedisConf(text);
      if (!(maxmemory > 0)) {
        violation("redis.conf sets no maxmemory, a limit is required", "Set maxmemory in redis.conf");
        return;
      }
      const { persistentHeadroom, cacheHeadroom } = thresholds(configSchema, args);
      const headroom = persistent ? persistentHeadroom : cacheHeadroom;
      const limit = (memory ?? 0) * MEBIBYTE;
      if (limit < headroom * maxmemory) {
        violation(
          `memory is ${memory ?? 0} MiB, ${(limit / maxmemory).toFixed(2)} times maxmemory ${maxmemory}, at least ${headroom} times is required ${persistent ? "where Redis persists" : "without persistence"}`,
          `Lower maxmemory to at most ${Math.floor(limit / headroom)}`,
        );
      }
      if (!expected) return;
      if (persistent !== expected.persistent) {
        violation(
          `redis.conf ${persistent ? "persists" : "does not persist"}, the book says it ${expected.persistent ? "must" : "must not"}`,
          expected.persistent ? "Set appendonly yes and save points" : 'Set save "" and appendonly no',
        );
      }
      if (expected.persistent && persistent && !appendOnly) {
        violation("redis.conf keeps snapshots alone, and a crash loses what was written since the last", "Set appendonly yes");
      }
      if (evicts !== expected.evicts) {
        violation(`maxmemory-policy is ${evicts}, the book says ${expected.evicts}`, `Set maxmemory-policy ${expected.evicts}`);
      }
      if (maxmemory !== expected.maxmemory) {
        violation(`maxmemory is ${maxmemory}, the book says ${expected.maxmemory}`, `Set maxmemory ${expected.maxmemory}`);
      }
    },
  ),
};
