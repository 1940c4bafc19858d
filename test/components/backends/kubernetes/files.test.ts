import * as pulumi from "@pulumi/pulumi";
import { lowerFiles } from "../../../../components/backends/kubernetes/files";
import type { FileMount } from "../../../../components/spec";
import { context } from "./support";

const lower = (files: FileMount[], more: Record<string, FileMount[]> = {}) => lowerFiles(context, "ultrathink", "redis", { redis: files, ...more });
const config: FileMount = { path: "/etc/redis/redis.conf", kind: "redis", content: "maxmemory 1" };

test("config is an immutable ConfigMap named after its content and labelled with its kind", () => {
  const { configMaps, volumes, mounts } = lower([config]);
  const name = "redis-redis-";
  expect(configMaps).toEqual([
    {
      metadata: {
        name: expect.stringMatching(new RegExp(`^${name}[0-9a-f]{10}$`)) as string,
        namespace: "ultrathink",
        labels: {
          "app.kubernetes.io/name": "redis",
          "app.kubernetes.io/part-of": "ultrathink",
          "app.kubernetes.io/managed-by": "pulumi",
          "ultrathink.dev/config-kind": "redis",
        },
      },
      immutable: true,
      data: { "redis.conf": "maxmemory 1" },
    },
  ]);
  expect(volumes).toEqual([{ name: "config-redis", configMap: { name: (configMaps[0]!.metadata as { name: string }).name, defaultMode: 0o444 } }]);
  expect(mounts).toEqual([{ name: "config-redis", mountPath: "/etc/redis/redis.conf", subPath: "redis.conf", readOnly: true }]);
});

test("another content is another object, so the pods that name it are rolled", () => {
  const name = (content: string) => (lower([{ ...config, kind: "redis", content }]).configMaps[0]!.metadata as { name: string }).name;
  expect(name("maxmemory 2")).not.toBe(name("maxmemory 1"));
  expect(name("maxmemory 1")).toBe(name("maxmemory 1"));
});

test("two files of one name keep their whole paths", () => {
  const { configMaps } = lower([config, { ...config, path: "/etc/other/redis.conf" }]);
  expect(Object.keys(configMaps[0]!.data as object)).toEqual(["etc.redis.redis.conf", "etc.other.redis.conf"]);
});

test("an executable keeps its mode", () => {
  const { volumes } = lower([{ path: "/usr/local/bin/check", kind: "script", executable: true, content: "#!/bin/sh" }]);
  expect(volumes[0]!.configMap).toMatchObject({ items: [{ key: "check", path: "check", mode: 0o555 }] });
});

test("a file that differs between replicas is there for each, and a pod picks its own", () => {
  const broker = (id: number): FileMount[] => [{ path: "/etc/kafka/broker.properties", kind: "kafka", content: `broker.id=${id}` }];
  const { configMaps, mounts } = lowerFiles(context, "ultrathink", "kafka", { "kafka-1": broker(1), "kafka-2": broker(2) });
  expect(configMaps[0]!.data).toEqual({ "kafka-1.broker.properties": "broker.id=1", "kafka-2.broker.properties": "broker.id=2" });
  expect(mounts).toEqual([
    { name: "config-kafka", mountPath: "/etc/kafka/broker.properties", subPathExpr: "$(POD_NAME).broker.properties", readOnly: true },
  ]);
});

test("a secret is a Secret of mode 0400 that only the copying container mounts, and a checksum that rolls the pods", () => {
  const { secret, volumes, mounts, secretSource, checksum } = lower([{ path: "/run/secrets/password", kind: "secret", content: "hunter2" }]);
  expect(secret).toMatchObject({ metadata: { name: "redis-secrets" }, data: { password: Buffer.from("hunter2").toString("base64") } });
  expect(volumes[0]).toEqual({ name: "secrets-source", secret: { secretName: "redis-secrets", defaultMode: 0o400 } });
  expect(mounts).toEqual([{ name: "secrets", mountPath: "/run/secrets", readOnly: true }]);
  expect(secretSource?.mountPath).toBe("/run/secrets-source");
  expect(checksum).toMatch(/^[0-9a-f]{64}$/);
  expect(lower([{ path: "/run/secrets/password", kind: "secret", content: "hunter3" }]).checksum).not.toBe(checksum);
});

test("a secret stays one on its way, and its checksum is none", async () => {
  const { secret, checksum } = lower([{ path: "/run/secrets/password", kind: "secret", content: pulumi.secret("hunter2") }]);
  const { password } = secret!.data as Record<string, pulumi.Output<string>>;
  expect(await pulumi.isSecret(password!)).toBe(true);
  expect(await pulumi.isSecret(checksum as pulumi.Output<string>)).toBe(false);
});

test("a secret that belongs elsewhere is seen there, from the same copy", () => {
  const { secret, mounts } = lower([{ path: "/etc/pgbackrest/conf.d/vault.conf", kind: "secret", content: "hunter2" }]);
  expect(Object.keys(secret!.data as object)).toEqual(["etc.pgbackrest.conf.d.vault.conf"]);
  expect(mounts).toContainEqual({
    name: "secrets",
    mountPath: "/etc/pgbackrest/conf.d/vault.conf",
    subPath: "etc.pgbackrest.conf.d.vault.conf",
    readOnly: true,
  });
});
