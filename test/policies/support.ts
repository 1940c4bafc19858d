import { UnknownValueError, unknownCheckingProxy, type PolicyResource, type ResourceValidationArgs, type StackValidationArgs } from "@pulumi/policy";
import { CONTAINER, type Container } from "../../policies/docker";
import type { Container as KubernetesContainer, PodSpec, Workload } from "../../policies/kubernetes";
import { stackOf } from "../../policies/parts";
import type { ResourceRule, Rule, StackRule } from "../../policies/rule";

/** What a policy receives in place of a text that a preview does not know: the SDK's own sentinel, which it does not export. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What came of judging a resource or a stack. */
export interface Verdict {
  violations: string[];
  /** Why the rule does not apply. */
  notApplicable?: string;
  /** The rule met a value that a preview does not know, and gave up. */
  unknown?: true;
}

/** How the resource stands in its stack. */
interface Standing {
  type?: string;
  /** Logical name. */
  name?: string;
  stack?: string;
  project?: string;
  protect?: boolean;
  config?: object;
}

class NotApplicable extends Error {}

function notApplicable(reason?: string): never {
  throw new NotApplicable(reason);
}

const arrived = new WeakSet<object>();

/** Properties as they arrive: without those that are undefined, and behind the proxy that throws at unknown values. */
function received(props: object): Record<string, unknown> {
  if (arrived.has(props)) return props as Record<string, unknown>;
  const proxy = unknownCheckingProxy(JSON.parse(JSON.stringify(props))) as Record<string, unknown>;
  arrived.add(proxy);
  return proxy;
}

function urn(type: string, name: string, stack = "dev", project = "ultrathink-infrastructure"): string {
  return `urn:pulumi:${stack}::${project}::${type}::${name}`;
}

function conclude(violations: string[], judge: () => unknown): Verdict {
  try {
    void judge();
    return { violations };
  } catch (error) {
    if (error instanceof NotApplicable) return { violations, notApplicable: error.message };
    if (error instanceof UnknownValueError) return { violations, unknown: true };
    throw error;
  }
}

/** Judges one resource as the analyzer does. */
export function judge(
  rule: ResourceRule,
  props: object,
  { type = CONTAINER, name = "part", stack, protect = false, config = {} }: Standing = {},
): Verdict {
  const violations: string[] = [];
  const args = {
    type,
    name,
    urn: urn(type, name, stack),
    props: received(props),
    opts: { protect },
    stackTags: new Map(),
    getConfig: () => config,
    notApplicable,
  } as unknown as ResourceValidationArgs;
  const validate = rule.validateResource;
  if (typeof validate !== "function") throw new Error(`${rule.name} has no single validateResource`);
  return conclude(violations, () => validate(args, message => violations.push(message)));
}

/** A resource for `judgeStack`. */
export function resource(type: string, props: object, { name = "part", stack, project, protect = false }: Standing = {}): PolicyResource {
  return { type, name, urn: urn(type, name, stack, project), props: received(props), opts: { protect } } as unknown as PolicyResource;
}

export function judgeStack(rule: StackRule, resources: PolicyResource[], config: object = {}): Verdict {
  const violations: string[] = [];
  const args = { resources, stackTags: new Map(), getConfig: () => config, notApplicable } as unknown as StackValidationArgs;
  return conclude(violations, () => rule.validateStack(args, message => violations.push(message)));
}

/** A container that no rule has anything against; each test breaks one thing. */
export function container(overrides: Container = {}): Container {
  return {
    name: "ultrathink-timescaledb",
    image: "timescale/timescaledb-ha:pg17.10-ts2.29.2",
    entrypoints: ["/docker-entrypoint.sh"],
    command: ["postgres", "-c", "max_connections=200"],
    envs: ["POSTGRES_PASSWORD_FILE=/run/secrets/postgres_password", "POSTGRES_USER=ultrathink"],
    labels: [
      { label: "app.kubernetes.io/part-of", value: "ultrathink" },
      { label: "com.docker.compose.service", value: "timescaledb" },
    ],
    user: "1000:1000",
    cpus: "2",
    memory: 2048,
    memorySwap: 2048,
    memoryReservation: 1024,
    healthcheck: { tests: ["CMD", "pg_isready"], interval: "15s", timeout: "5s", retries: 3, startPeriod: "60s" },
    uploads: [{ file: "/run/secrets/postgres_password", content: "not-told", permissions: "0440" }],
    groupAdds: ["0"],
    ports: [{ internal: 5432, external: 5432, ip: "127.0.0.1" }],
    volumes: [{ volumeName: "infrastructure_timescale_data", containerPath: "/home/postgres/pgdata" }],
    logDriver: "json-file",
    logOpts: { "max-size": "10m", "max-file": "3" },
    securityOpts: ["no-new-privileges"],
    capabilities: { drops: ["ALL"] },
    readOnly: false,
    restart: "always",
    stopTimeout: 120,
    destroyGraceSeconds: 120,
    ...overrides,
  };
}

/** A container as a rule about the whole stack sees it: with the plugin's own word for everything that is not set. */
export function planned(props: Container): object {
  const upload = { contentBase64: "", executable: false, group: "", owner: "", source: "", sourceHash: "" };
  const volume = { fromContainer: "", hostPath: "", readOnly: null, selinuxRelabel: "", volumeName: "" };
  return {
    ...{ bridge: "", cpuSet: null, deviceRequests: [], devices: [], gpus: null, maxRetryCount: null, mounts: [], pidMode: null, ports: [] },
    ...{ privileged: null, publishAllPorts: null, readOnly: false, tmpfs: null, ulimits: [], usernsMode: null, workingDir: null },
    ...props,
    uploads: (props.uploads ?? []).map(each => ({ ...upload, ...each })),
    volumes: (props.volumes ?? []).map(each => ({ ...volume, ...each })),
  };
}

/** A one-shot job that no rule has anything against. */
export function job(overrides: Container = {}): Container {
  const labels = [...container().labels!, { label: "dev.ultrathink.job", value: "true" }];
  return container({ name: "ultrathink-schema", restart: "no", labels, healthcheck: undefined, volumes: undefined, ...overrides });
}

/** Cases of a rule for containers; the key of each reads as the end of a sentence. */
interface Cases {
  /** "reports …": what is broken, and the whole list of messages. */
  reports: Record<string, [broken: Container, messages: string[], config?: object]>;
  /** "accepts …" */
  accepts: Record<string, Container | [accepted: Container, config: object]>;
  /** "does not judge …": unknown in a preview, neither pass nor violation. */
  leavesOpen?: Record<string, Container>;
}

/** The tests that every rule for containers has, whether it is given one by itself or the whole stack. */
export function describeContainerRule(rule: Rule, { reports, accepts, leavesOpen = {} }: Cases): void {
  const judged = (props: object, config: object = {}, type = CONTAINER) =>
    "validateStack" in rule ? judgeStack(rule, [resource(type, props)], config) : judge(rule, props, { config, type });
  describe(rule.name, () => {
    it.each(Object.entries(reports))("reports %s", (_title, [broken, messages, config]) => {
      expect(judged(broken, config)).toEqual({ violations: messages });
    });
    it.each(Object.entries({ "a compliant container": container(), ...accepts }))("accepts %s", (_title, accepted) => {
      const [props, config] = Array.isArray(accepted) ? accepted : [accepted, {}];
      expect(judged(props, config).violations).toEqual([]);
    });
    for (const [title, props] of Object.entries(leavesOpen)) {
      it(`does not judge ${title}`, () => expect(judged(props).violations).toEqual([]));
    }
    it("does not apply to a resource of another type with the same faults", () => {
      const [broken] = Object.values(reports)[0]!;
      expect(judged(broken, {}, "docker:index/service:Service")).toEqual({ violations: [], notApplicable: expect.any(String) });
    });
  });
}

/** Something that runs pods on Kubernetes and that no rule about one resource has anything against; each test breaks one thing. */
export function deployment(spec: PodSpec = {}, overrides: Partial<KubernetesContainer> = {}): Workload {
  return {
    metadata: { name: "data-service", namespace: "ultrathink" },
    spec: {
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      progressDeadlineSeconds: 360,
      template: {
        metadata: { labels: { app: "data-service" } },
        spec: {
          automountServiceAccountToken: false,
          serviceAccountName: "data-service",
          priorityClassName: "ultrathink-inference",
          terminationGracePeriodSeconds: 40,
          securityContext: { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: "RuntimeDefault" } },
          containers: [pod(overrides)],
          ...spec,
        },
      },
    },
  };
}

/** A container of it. */
export function pod(overrides: Partial<KubernetesContainer> = {}): KubernetesContainer {
  const check = { exec: { command: ["curl", "-fsS", "http://localhost:8000/health"] }, timeoutSeconds: 5, periodSeconds: 15, failureThreshold: 3 };
  return {
    name: "data-service",
    image: "ultrathink/workloads:0.1.0",
    args: ["data-service"],
    env: [{ name: "DATABASE_PASSWORD_FILE", value: "/run/secrets/database" }],
    ports: [{ containerPort: 8000 }],
    resources: {
      requests: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "128Mi" },
      limits: { cpu: "1", memory: "1Gi", "ephemeral-storage": "1Gi" },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 10_001,
      seccompProfile: { type: "RuntimeDefault" },
    },
    startupProbe: { ...check, periodSeconds: 5, failureThreshold: 12 },
    readinessProbe: check,
    livenessProbe: { httpGet: { path: "/alive", port: 8000 }, timeoutSeconds: 5, periodSeconds: 20, failureThreshold: 6 },
    lifecycle: { preStop: { sleep: { seconds: 10 } } },
    ...overrides,
  };
}

/** Cases of a rule about Kubernetes objects of one type; the key of each reads as the end of a sentence. */
interface ObjectCases {
  type: string;
  accepts: Record<string, object>;
  /** "reports …": what is broken, and a part of the one message. */
  reports: Record<string, [broken: object, message: string]>;
}

/** The tests that every rule about one Kubernetes object has. */
export function describeObjectRule(rule: ResourceRule, { type, accepts, reports }: ObjectCases): void {
  describe(rule.name, () => {
    it.each(Object.entries(accepts))("accepts %s", (_title, props) => {
      expect(judge(rule, props, { type })).toEqual({ violations: [] });
    });
    it.each(Object.entries(reports))("reports %s", (_title, [broken, message]) => {
      expect(judge(rule, broken, { type }).violations).toEqual([expect.stringContaining(message)]);
    });
    it("does not apply to a resource of another type", () => {
      const [broken] = Object.values(reports)[0]!;
      expect(judge(rule, broken, { type: CONTAINER })).toEqual({ violations: [], notApplicable: expect.any(String) });
    });
  });
}

/** A Kubernetes object for `judgeStack`, by its kind's type token and name. */
export function object(type: string, name: string, spec: object, metadata: object = {}): PolicyResource {
  return resource(type, { metadata: { name, namespace: "ultrathink", ...metadata }, spec }, { name, stack: "prod" });
}

/** A container that has one config file of a kind. */
export function withFile(name: string, kind: string, content: string, overrides: Container = {}): PolicyResource {
  const path = `/etc/${kind}`;
  const labels = [{ label: `dev.ultrathink.config.${kind}`, value: path }];
  return resource(CONTAINER, container({ name: `ultrathink-${name}`, labels, uploads: [{ file: path, content }], ...overrides }));
}

/** The same on Kubernetes: a set's pod that mounts a ConfigMap of that kind. */
export function withConfigMap(name: string, kind: string, content: string): PolicyResource[] {
  const map = `${name}-${kind}`;
  const spec = {
    volumes: [{ name: "config", configMap: { name: map } }],
    containers: [pod({ name, volumeMounts: [{ name: "config", mountPath: `/etc/${kind}`, subPath: "file", readOnly: true }] })],
  };
  return [
    resource("kubernetes:core/v1:ConfigMap", { metadata: { name: map, labels: { "ultrathink.dev/config-kind": kind } }, data: { file: content } }),
    object("kubernetes:apps/v1:Deployment", name, { template: { metadata: { labels: { app: name } }, spec } }),
  ];
}

/** Cases of a rule about a config file, on both platforms; the key of each reads as the end of a sentence. */
interface FileCases {
  service: string;
  kind: string;
  accepts: Record<string, string>;
  /** "reports …": the text of the file, and parts of the messages. */
  reports: Record<string, [text: string, ...messages: string[]]>;
}

/** The tests that every rule about a config file has. */
export function describeFileRule(rule: StackRule, { service, kind, accepts, reports }: FileCases): void {
  const on = { docker: (text: string) => [withFile(service, kind, text)], kubernetes: (text: string) => withConfigMap(service, kind, text) };
  describe.each(Object.entries(on))(`${rule.name} on %s`, (_platform, stack) => {
    it.each(Object.entries(accepts))("accepts %s", (_title, text) => {
      expect(judgeStack(rule, stack(text))).toEqual({ violations: [] });
    });
    it.each(Object.entries(reports))("reports %s", (_title, [text, ...messages]) => {
      expect(judgeStack(rule, stack(text)).violations).toEqual(messages.map(message => expect.stringContaining(message)));
    });
  });
  it(`${rule.name} does not apply to a stack without ${service}`, () => {
    expect(judgeStack(rule, [resource(CONTAINER, container({ name: "ultrathink-mlflow" }))])).toEqual({
      violations: [],
      notApplicable: expect.any(String),
    });
  });
}

/** What a rule says of a whole stack, whichever way it judges. */
export function violationsOf(rule: Rule, resources: PolicyResource[]): string[] {
  if ("validateStack" in rule) return judgeStack(rule, resources).violations;
  return resources.flatMap(each => judge(rule, each.props, standingOf(each)).violations);
}

const standingOf = ({ type, name, urn: its, opts }: PolicyResource): Standing => ({ type, name, stack: stackOf(its), protect: opts.protect });
