import { UnknownValueError, unknownCheckingProxy, type PolicyResource, type ResourceValidationArgs, type StackValidationArgs } from "@pulumi/policy";
import { CONTAINER, type Container } from "../../policies/docker";
import type { ResourceRule, StackRule } from "../../policies/rule";

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

/** Properties as they arrive: without those that are undefined, and behind the proxy that throws at unknown values. */
function received(props: object): Record<string, unknown> {
  return unknownCheckingProxy(JSON.parse(JSON.stringify(props)));
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
  leavesOpen: Record<string, Container>;
}

/** The tests that every rule for containers has. */
export function describeContainerRule(rule: ResourceRule, { reports, accepts, leavesOpen }: Cases): void {
  describe(rule.name, () => {
    it.each(Object.entries(reports))("reports %s", (_title, [broken, messages, config]) => {
      expect(judge(rule, broken, { config })).toEqual({ violations: messages });
    });
    it.each(Object.entries({ "a compliant container": container(), ...accepts }))("accepts %s", (_title, accepted) => {
      const [props, config] = Array.isArray(accepted) ? accepted : [accepted, {}];
      expect(judge(rule, props, { config }).violations).toEqual([]);
    });
    it.each(Object.entries(leavesOpen))("does not judge %s", (_title, props) => {
      expect(judge(rule, props).violations).toEqual([]);
    });
    it("does not apply to a resource of another type with the same faults", () => {
      const [broken] = Object.values(reports)[0]!;
      const verdict = judge(rule, broken, { type: "docker:index/service:Service" });
      expect(verdict).toEqual({ violations: [], notApplicable: expect.stringMatching(/^judges docker:index\/\w+:\w+( and \S+)? only$/) });
    });
  });
}
