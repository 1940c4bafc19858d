import { CONTAINER } from "../../../policies/docker";
import { rule } from "../../../policies/rules/redis-enforce-memory-headroom";
import { UNKNOWN, container, describeContainerRule, judgeStack, resource } from "../support";

const path = "/usr/local/etc/redis/redis.conf";
const label = { label: "dev.ultrathink.config.redis", value: path };
const cacheConf = ["maxmemory 2000000000", "maxmemory-policy allkeys-lru", 'save ""', "appendonly no"];
const queueConf = ["maxmemory 128000000", "maxmemory-policy noeviction", "save 300 1", "appendonly yes"];

function redis(service: string, memory: number, lines: string[]) {
  return container({
    name: `ultrathink-${service}`,
    memory,
    labels: [label],
    uploads: [{ file: path, content: `# ${service}\n${lines.join("\n")}\n` }],
  });
}
const cache = (...changes: string[]) => redis("redis", 2048, [...cacheConf, ...changes]);
const queue = (...changes: string[]) => redis("redis-queue", 256, [...queueConf, ...changes]);
const message = (service: string, found: string, mend: string) => `container "ultrathink-${service}": ${found}. ${mend}.`;
const unreadable = (count: number) => [
  message("redis", `it has ${count} readable config files of kind redis, exactly 1 is required`, "Give it redis.conf as plain text"),
];
const persists = message("redis", "redis.conf persists, the book says it must not", 'Set save "" and appendonly no');
const tooSmall = (times: string) =>
  message(
    "redis",
    `memory is 2048 MiB, ${times} times maxmemory 2000000000, at least 1.6 times is required where Redis persists`,
    "Lower maxmemory to at most 1342177280",
  );

describeContainerRule(rule, {
  reports: {
    "a cache that persists, at the size that was killed in a flood": [cache("appendonly yes"), [tooSmall("1.07"), persists]],
    "a cache that takes snapshots": [cache("save 3600 1"), [tooSmall("1.07"), persists]],
    "a cache without a word about snapshots, which Redis takes by default": [
      redis(
        "redis",
        2048,
        cacheConf.filter(line => !line.startsWith("save")),
      ),
      [tooSmall("1.07"), persists],
    ],
    "a queue one byte above its share": [
      queue("maxmemory 167772161"),
      [
        message(
          "redis-queue",
          "memory is 256 MiB, 1.60 times maxmemory 167772161, at least 1.6 times is required where Redis persists",
          "Lower maxmemory to at most 167772160",
        ),
        message("redis-queue", "maxmemory is 167772161, the book says 128000000", "Set maxmemory 128000000"),
      ],
    ],
    "a queue that keeps nothing": [
      queue('save ""', "appendonly no"),
      [message("redis-queue", "redis.conf does not persist, the book says it must", "Set appendonly yes and save points")],
    ],
    "a queue that evicts": [
      queue("maxmemory-policy allkeys-lru"),
      [message("redis-queue", "maxmemory-policy is allkeys-lru, the book says noeviction", "Set maxmemory-policy noeviction")],
    ],
    "a cache of another size than the book's, by Redis's unit": [
      cache("maxmemory 2gb"),
      [
        message(
          "redis",
          "memory is 2048 MiB, 1.00 times maxmemory 2147483648, at least 1.05 times is required without persistence",
          "Lower maxmemory to at most 2045222521",
        ),
        message("redis", "maxmemory is 2147483648, the book says 2000000000", "Set maxmemory 2000000000"),
      ],
    ],
    "no maxmemory": [
      redis("redis", 2048, cacheConf.slice(1)),
      [message("redis", "redis.conf sets no maxmemory, a limit is required", "Set maxmemory in redis.conf")],
    ],
    "a maxmemory of 0, which is none": [
      cache("maxmemory 0"),
      [message("redis", "redis.conf sets no maxmemory, a limit is required", "Set maxmemory in redis.conf")],
    ],
    "a Redis of the book without its label": [container({ name: "ultrathink-redis", labels: [] }), unreadable(0)],
    "a label whose path is not uploaded": [container({ name: "ultrathink-redis", labels: [label] }), unreadable(0)],
    "two files under the label": [
      container({
        name: "ultrathink-redis",
        labels: [{ ...label, value: `${path},/b` }],
        uploads: [
          { file: path, content: "" },
          { file: "/b", content: "" },
        ],
      }),
      unreadable(2),
    ],
    "less headroom than the profile wants": [
      cache(),
      [
        message(
          "redis",
          "memory is 2048 MiB, 1.07 times maxmemory 2000000000, at least 1.2 times is required without persistence",
          "Lower maxmemory to at most 1789569706",
        ),
      ],
      { cacheHeadroom: 1.2 },
    ],
  },
  accepts: {
    "the cache of the book": cache(),
    "the queue of the book": queue(),
  },
  leavesOpen: {
    "a configuration that is not known yet": container({ name: "ultrathink-redis", labels: [label], uploads: [{ file: path, content: UNKNOWN }] }),
  },
});

it("judges the headroom of a Redis that no book has, by its label", () => {
  expect(judgeStack(rule, [resource(CONTAINER, { ...cache("appendonly yes"), name: "other" })]).violations).toEqual([
    tooSmall("1.07").replace("ultrathink-redis", "other"),
  ]);
});

it("does not apply to a container that is no Redis", () => {
  expect(judgeStack(rule, [resource(CONTAINER, container())])).toEqual({ violations: [], notApplicable: "there is no Redis" });
});
