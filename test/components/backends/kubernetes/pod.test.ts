import type * as k8s from "@pulumi/kubernetes";
import { lowerPod } from "../../../../components/backends/kubernetes/pod";
import type { Health, JobSpec, ServiceSpec } from "../../../../components/spec";
import { context, spec } from "./support";

type PodSpec = k8s.types.input.core.v1.PodSpec;
type Container = k8s.types.input.core.v1.Container;

function lowered(main: ServiceSpec | JobSpec): PodSpec & { main: Container } {
  const pod = { name: main.name, namespace: "ultrathink", main, fileSets: { [main.name]: main.files ?? [] }, claims: { timescale: "data" } };
  const template = lowerPod(context, pod).template.spec as PodSpec;
  return { ...template, main: (template.containers as Container[])[0]! };
}

test("every restriction of the restricted standard holds, for the copying container too", () => {
  const { securityContext, initContainers, main, ...pod } = lowered(
    spec("timescaledb", { user: 1000, files: [{ path: "/run/secrets/p", kind: "secret", content: "hidden" }] }),
  );
  expect(securityContext).toEqual({
    runAsNonRoot: true,
    runAsUser: 11_000,
    runAsGroup: 11_000,
    fsGroup: 11_000,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  });
  for (const container of [main, ...(initContainers as Container[])]) {
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 11_000,
      runAsGroup: 11_000,
      seccompProfile: { type: "RuntimeDefault" },
    });
  }
  expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false, serviceAccountName: "timescaledb" });
});

test("startup, readiness and liveness are three things, and liveness checks nothing that the service needs", () => {
  const health: Health = { command: ["pg_isready"], interval: "30s", timeout: "10s", retries: 4, startup: "120s" };
  const { main } = lowered(spec("timescaledb", { health }));
  const exec = { command: ["pg_isready"] };
  expect(main.startupProbe).toEqual({ exec, timeoutSeconds: 10, periodSeconds: 5, failureThreshold: 24 });
  expect(main.readinessProbe).toEqual({ exec, timeoutSeconds: 10, periodSeconds: 30, failureThreshold: 4 });
  expect(main.livenessProbe).toEqual({ tcpSocket: { port: 5432 }, timeoutSeconds: 5, periodSeconds: 20, failureThreshold: 6 });
});

test("a service that says where it is alive is asked there", () => {
  const { main } = lowered(spec("data-service", { health: { command: ["healthy"], startup: "60s", alive: "/live" } }));
  expect(main.livenessProbe).toMatchObject({ httpGet: { path: "/live", port: 8000 } });
});

test("an image by its digest runs as such, and its version is still its tag", () => {
  const image = `registry.example:5000/team/redis:8.0.4@sha256:${"a".repeat(64)}`;
  const pod = { name: "redis", namespace: "ultrathink", main: spec("redis"), fileSets: { redis: [] }, claims: {} };
  const { template } = lowerPod({ ...context, images: { redis: image } }, pod);
  expect((template.spec as PodSpec).containers).toEqual([expect.objectContaining({ image })]);
  expect((template.metadata as { labels: Record<string, string> }).labels.version).toBe("8.0.4");
});

test("an image without a shell is asked from outside", () => {
  const { main } = lowered(spec("loki-canary", { health: { probedBy: "prometheus", startup: "60s" } }));
  expect(main.readinessProbe).toMatchObject({ httpGet: { path: "/metrics", port: 3500 } });
});

test("one that has checks of its own is asked there", () => {
  const { main } = lowered(spec("kube-state-metrics", { health: { probedBy: "prometheus", startup: "60s", ready: "/ready", alive: "/live" } }));
  const paths = [main.startupProbe, main.readinessProbe, main.livenessProbe].map(probe => (probe as { httpGet: object }).httpGet);
  expect(paths).toEqual(["/ready", "/ready", "/live"].map(path => ({ path, port: 8080 })));
});

test("who has clients drains before it stops, within a longer grace", () => {
  const { main, terminationGracePeriodSeconds } = lowered(spec("data-service"));
  expect(main.lifecycle).toEqual({ preStop: { sleep: { seconds: 10 } } });
  expect(terminationGracePeriodSeconds).toBe(40);
});

test("a program that ends on another signal is sent it before SIGTERM and waited for", () => {
  const { main, terminationGracePeriodSeconds } = lowered(spec("timescaledb", { stopSignal: "SIGINT", stopGrace: "120s" }));
  expect(main.lifecycle).toEqual({ preStop: { exec: { command: ["sh", "-c", "kill -INT 1 && while kill -0 1 2>/dev/null; do sleep 1; done"] } } });
  expect(terminationGracePeriodSeconds).toBe(120);
});

test("a GPU is request and limit alike, on nodes that have one and are tainted for it", () => {
  const { main, affinity, tolerations } = lowered(spec("inference-service"));
  expect(main.resources).toMatchObject({ limits: { "nvidia.com/gpu": "1" }, requests: { "nvidia.com/gpu": "1" } });
  expect(tolerations).toEqual([{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }]);
  expect(affinity).toEqual({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: "nvidia.com/gpu.present", operator: "In", values: ["true"] }] }],
      },
    },
  });
});

test.each([
  [{ count: 1, sharing: "mig", profile: "1g.5gb" } as const, "nvidia.com/mig-1g.5gb"],
  [{ count: 2, sharing: "time-slicing" } as const, "nvidia.com/gpu.shared"],
])("%j asks for %s", (gpu, resource) => {
  expect(lowered(spec("inference-service", { gpu })).main.resources).toMatchObject({ limits: { [resource]: String(gpu.count) } });
});

test("an agent of GPU nodes takes no GPU from who computes", () => {
  const { main, tolerations } = lowered(spec("dcgm-exporter"));
  expect(JSON.stringify(main.resources)).not.toContain("nvidia.com");
  expect(tolerations).toHaveLength(1);
});

test("places to write are small and named; memory where the declaration gives a size", () => {
  const { volumes, main } = lowered(spec("timescaledb", { sharedMemory: "256M", writes: ["/var/run/postgresql"], tmpfs: { "/scratch": "64M" } }));
  expect(volumes).toEqual([
    { name: "writable-scratch", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } },
    { name: "writable-dev-shm", emptyDir: { medium: "Memory", sizeLimit: "256Mi" } },
    { name: "writable-tmp", emptyDir: { sizeLimit: "256Mi" } },
    { name: "writable-var-run-postgresql", emptyDir: { sizeLimit: "256Mi" } },
  ]);
  expect((main.volumeMounts as { mountPath: string }[]).map(({ mountPath }) => mountPath)).toEqual([
    "/scratch",
    "/dev/shm",
    "/tmp",
    "/var/run/postgresql",
  ]);
});

test("a program that looks itself up finds its row in /etc/passwd", () => {
  const main = spec("timescaledb", { user: 1000, account: "postgres" });
  const pod = { name: main.name, namespace: "ultrathink", main, fileSets: { timescaledb: [] }, claims: {} };
  expect(lowerPod(context, pod).files[0]!.configMaps[0]!.data).toEqual({
    passwd: "root:x:0:0:root:/:/sbin/nologin\npostgres:x:11000:11000::/tmp:/bin/sh\n",
  });
});

test("only who asks the API for something has a token, by name and for an hour", () => {
  const { volumes } = lowered(spec("prometheus", { asks: ["pods"] }));
  expect(volumes).toContainEqual(expect.objectContaining({ name: "api-token" }));
  expect(JSON.stringify(volumes)).toContain('"expirationSeconds":3600');
  expect(JSON.stringify(lowered(spec("prometheus")).volumes)).not.toContain("api-token");
});

test("a job has neither probes nor ports, and secrets like a service", () => {
  const { name, image, user, cpu, memory, reserved } = spec("timescaledb");
  const { main, restartPolicy } = lowered({ name, image, user, cpu, memory, reserved, needs: [], deadline: "60s" });
  expect(Object.keys(main).filter(key => /Probe|ports|lifecycle/.test(key) && main[key as keyof Container] !== undefined)).toEqual([]);
  expect(restartPolicy).toBeUndefined();
});

test("an empty setting has no value, which is how the API server keeps it", () => {
  expect(lowered(spec("redis", { env: { SET: "1", EMPTY: "" } })).main.env).toEqual([{ name: "EMPTY" }, { name: "SET", value: "1" }]);
});
