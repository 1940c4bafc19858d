import * as pulumi from "@pulumi/pulumi";
import type { RedisDeclaration, System } from "../../systems/declaration";
import type { Backend } from "../backends/backend";
import { fromRow } from "../resources";
import type { Secrets } from "../secrets";
import type { FileMount, ServiceSpec } from "../spec";

export const REDIS_PORT = 6379;
/** Where the data volume of one that persists is mounted. */
export const REDIS_VOLUME = "/data";
const CONFIG = "/usr/local/etc/redis/redis.conf";
const AUTH = "/run/secrets/redis-auth.conf";
const PASSWORD = "/run/secrets/redis-password";

/** redis.conf. The password comes from a file that it includes, so this text can be read by anyone. */
export function redisConfig(redis: RedisDeclaration): string {
  const persistence =
    redis.persistence === "none"
      ? ['save ""', "appendonly no"]
      : ["save 300 1", "appendonly yes", "appendfsync everysec", "aof-use-rdb-preamble yes"];
  return [
    `maxmemory ${redis.maxmemory}`,
    `maxmemory-policy ${redis.policy}`,
    ...persistence,
    "maxclients 1000",
    "tcp-keepalive 300",
    "lazyfree-lazy-eviction yes",
    `dir ${REDIS_VOLUME}`,
    `include ${AUTH}`,
    "",
  ].join("\n");
}

/** `redis-cli` as the runbook calls it: the shim hands it the password from its file, so nobody types it and no environment holds it. */
const cliShim: FileMount = {
  path: "/usr/local/sbin/redis-cli",
  kind: "script",
  executable: true,
  content: `#!/bin/sh\nREDISCLI_AUTH="$(cat ${PASSWORD})" exec /usr/local/bin/redis-cli "$@"\n`,
};

export function redisSpec(system: System, name: string, redis: RedisDeclaration, password: pulumi.Input<string>): ServiceSpec {
  return {
    ...fromRow(system, name),
    user: 999,
    command: ["redis-server", CONFIG],
    files: [
      { path: CONFIG, kind: "redis", content: redisConfig(redis) },
      { path: AUTH, kind: "secret", content: pulumi.interpolate`requirepass ${password}\n` },
      { path: PASSWORD, kind: "secret", content: password },
      cliShim,
    ],
    volumes: redis.persistence === "none" ? [] : [{ volume: "redisQueue", path: REDIS_VOLUME }],
    health: { command: ["sh", "-c", "redis-cli ping | grep -q PONG"], startup: "30s" },
    stopGrace: redis.persistence === "none" ? "10s" : "60s",
  };
}

/** One Redis: a cache without persistence, or a queue that loses nothing (runbook: Common Failure Scenarios 5). */
export class Redis extends pulumi.ComponentResource {
  constructor(
    name: string,
    args: { system: System; redis: RedisDeclaration; secrets: Secrets; backend: Backend },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("ultrathink:redis:Redis", name, {}, opts);
    args.backend.service(redisSpec(args.system, name, args.redis, args.secrets.password(name)), { parent: this });
    this.registerOutputs({});
  }
}
