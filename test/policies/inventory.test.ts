import { readdirSync } from "node:fs";
import { join } from "node:path";
import { books } from "../../policies/books";
import { levelOf } from "../../policies/docs";
import { exceptions } from "../../policies/exceptions";
import { rules } from "../../policies/inventory";
import dev from "../../policies/profiles/dev.json";
import prod from "../../policies/profiles/prod.json";
import { container, judge } from "./support";

const ids = rules.map(({ name }) => name);
const files = (folder: string, ending: string) =>
  readdirSync(join(__dirname, folder))
    .map(file => file.replace(ending, ""))
    .sort();
const atLevel = (profile: Record<string, string>, level: string) => ids.filter(id => levelOf(id, profile) === level);

test("every file in rules/ is a rule of the pack, under its own name", () => {
  expect([...ids].sort()).toEqual(files("../../policies/rules", ".ts"));
});

test("every rule has its test", () => {
  expect(files("rules", ".test.ts")).toEqual([...ids].sort());
});

test("no id is used twice", () => {
  expect(new Set(ids).size).toBe(ids.length);
});

test("prod is judged by exactly these rules, all of them mandatory but that on digests, which the lock has once `make images` was run", () => {
  expect(atLevel(prod, "advisory")).toEqual(["image-enforce-digest"]);
  expect(atLevel(prod, "mandatory")).toEqual([
    "alertmanager-enforce-escalation",
    "aws-bucket-enforce-privacy",
    "aws-bucket-enforce-retention",
    "aws-key-configure-rotation",
    "aws-role-disallow-destruction",
    "aws-vault-enable-protection",
    "backup-enforce-jobs",
    "backup-enforce-lock",
    "docker-container-configure-health-check",
    "docker-container-configure-log-rotation",
    "docker-container-configure-stop-grace",
    "docker-container-disallow-capabilities",
    "docker-container-disallow-docker-socket",
    "docker-container-disallow-host-path",
    "docker-container-disallow-plain-secret",
    "docker-container-disallow-privileged-mode",
    "docker-container-disallow-public-port",
    "docker-container-disallow-root-user",
    "docker-container-disallow-shared-gpu",
    "docker-container-enforce-limits",
    "docker-container-enforce-no-new-privileges",
    "docker-container-enforce-read-only-root",
    "docker-container-enforce-secret-file-mode",
    "docker-container-enforce-unlimited-restart",
    "docker-stack-disallow-undeclared-volume",
    "docker-volume-configure-backup",
    "docker-volume-enable-protection",
    "image-disallow-floating-version",
    "kafka-enforce-durability",
    "kafka-enforce-sasl-ssl",
    "kafka-enforce-topics",
    "kubernetes-config-map-disallow-secret",
    "kubernetes-container-configure-probes",
    "kubernetes-container-disallow-plain-secret",
    "kubernetes-container-enforce-limits",
    "kubernetes-container-enforce-read-only-root",
    "kubernetes-cronjob-configure-schedule",
    "kubernetes-job-configure-deadline",
    "kubernetes-namespace-enable-protection",
    "kubernetes-namespace-enforce-default-deny",
    "kubernetes-namespace-enforce-pod-security",
    "kubernetes-network-policy-disallow-open-peer",
    "kubernetes-pod-configure-stop-grace",
    "kubernetes-pod-disallow-host-path",
    "kubernetes-pod-disallow-token",
    "kubernetes-pod-enforce-restricted-security",
    "kubernetes-pod-enforce-secret-file-mode",
    "kubernetes-pod-enforce-whole-gpu",
    "kubernetes-role-disallow-write",
    "kubernetes-service-disallow-public-address",
    "kubernetes-statefulset-enforce-claims",
    "kubernetes-workload-configure-rollout",
    "kubernetes-workload-disallow-fixed-replicas",
    "kubernetes-workload-enforce-disruption-budget",
    "kubernetes-workload-enforce-priority",
    "kubernetes-workload-enforce-scale",
    "kubernetes-workload-enforce-topology-spread",
    "loki-enforce-retention",
    "pgbackrest-enforce-encryption",
    "prometheus-enforce-alert-table",
    "prometheus-enforce-retention",
    "prometheus-enforce-scrape",
    "redis-enforce-memory-headroom",
    "redis-enforce-password",
    "scheduler-enforce-schedules",
    "stack-enforce-resource-table",
    "timescaledb-enforce-settings",
    "timescaledb-enforce-table-retention",
    "timescaledb-enforce-tls",
    "timescaledb-enforce-wal-archiving",
    "volume-disallow-second-writer",
    "workload-enforce-settings",
    "zookeeper-enforce-autopurge",
  ]);
});

test("dev differs from prod by the rule on protected volumes, which purge deletes there, and that on GPUs, of which a desk has one", () => {
  const lowered = ["docker-container-disallow-shared-gpu", "docker-volume-enable-protection"];
  expect(atLevel(dev, "advisory")).toEqual([...lowered, ...atLevel(prod, "advisory")]);
  expect(atLevel(dev, "mandatory")).toEqual(atLevel(prod, "mandatory").filter(id => !lowered.includes(id)));
});

test("a profile names no rule that the pack does not have", () => {
  expect(Object.keys({ ...dev, ...prod }).filter(id => id !== "all" && !ids.includes(id))).toEqual([]);
});

describe.each(rules.map(rule => [rule.name, rule] as const))("%s", (_name, rule) => {
  test("has an id of the grammar", () => {
    expect(rule.name).toMatch(
      /^((docker|kubernetes|aws)-)?[a-z]+(-map|-policy)?-(configure|disable|disallow|enable|enforce|missing)-[a-z]+(-[a-z]+)*$/,
    );
  });

  test("says what it demands and how to mend it in sentences", () => {
    expect(rule.description).toMatch(/^[A-Z].*\.$/);
    expect(rule.remediationSteps).toMatch(/^[A-Z].*\.$/);
    expect(rule.displayName).toMatch(/^[A-Z]/);
    expect(rule.tags).not.toEqual([]);
  });

  test("is mandatory where no profile says otherwise", () => {
    expect(rule.enforcementLevel).toBe("mandatory");
  });

  test("explains each setting and gives it a default", () => {
    for (const schema of Object.values(rule.configSchema?.properties ?? {})) {
      expect(schema).toEqual(
        expect.objectContaining({ type: expect.any(String), default: expect.anything(), description: expect.stringMatching(/\.$/) }),
      );
    }
  });
});

describe.each(exceptions.map(entry => [`${entry.rule} ${entry.resource} ${entry.permits ?? ""}`, entry] as const))(
  "exception %s",
  (_title, entry) => {
    test("names a rule of the pack and a container, service or namespace of a book", () => {
      expect(ids).toContain(entry.rule);
      const names = books.flatMap(({ rows, containerPrefix, namespaces = {} }) => [
        ...rows.flatMap(({ service }) => [service, containerPrefix + service]),
        ...Object.values(namespaces),
      ]);
      expect(names).toContain(entry.resource);
    });

    test("has a reason and somebody who answers for it", () => {
      expect(entry.reason).not.toBe("");
      expect(entry.owner).not.toBe("");
    });

    test("has not expired", () => {
      expect(Date.parse(entry.expires)).toBeGreaterThan(Date.now());
    });

    test("stands in the table once", () => {
      const same = exceptions.filter(
        ({ rule, resource: name, permits }) => rule === entry.rule && name === entry.resource && permits === entry.permits,
      );
      expect(same).toEqual([entry]);
    });
  },
);

test("no exception reaches another container", () => {
  const root = rules.find(({ name }) => name === "docker-container-disallow-root-user")!;
  if ("validateStack" in root) throw new Error("the rule judges containers");
  const violations = ["ultrathink-alloy", "ultrathink-alloy-2", "alloy"].map(name => judge(root, container({ name, user: "0" })).violations.length);
  expect(violations).toEqual([0, 1, 1]);
});
