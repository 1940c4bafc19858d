import * as pulumi from "@pulumi/pulumi";
import { KubernetesBackend } from "../../../../components/backends/kubernetes/backend";
import { context, spec } from "./support";

interface Registered {
  type: string;
  name: string;
  dependencies: string[];
}

const registered: Registered[] = [];
void pulumi.runtime.setMocks(
  {
    newResource: ({ type, name, inputs }) => ({ id: `mocked::${type}::${name}`, state: inputs as object }),
    call: ({ token }) => {
      throw new Error(`unexpected call of ${token}`);
    },
  },
  "ultrathink-infrastructure",
  "prod",
);

// Mocks see a resource's inputs, not what it comes after; that is in the request itself.
interface Request {
  getType(): string;
  getName(): string;
  getDependenciesList(): string[];
}
const monitor = pulumi.runtime.getMonitor() as unknown as { registerResource(request: Request, done: unknown): unknown };
const register = monitor.registerResource.bind(monitor);
monitor.registerResource = (request, done) => {
  registered.push({ type: request.getType(), name: request.getName(), dependencies: request.getDependenciesList() });
  return register(request, done);
};

const of = (type: string, name: string) => registered.find(each => each.type === `kubernetes:${type}` && each.name === name)!;
const after = (resource: Registered) => resource.dependencies.map(urn => urn.split("::").slice(2).join(" ").split("$").pop()!);

beforeAll(async () => {
  const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
  const backend = new KubernetesBackend(
    "kubernetes",
    { ...context, releases: { "risk-manager": { candidate: "registry.example/risk:9" } } },
    { parent },
  );
  const broker = (id: number) => spec(`kafka-${id}`, { needs: [], volumes: [{ volume: `kafka${id}`, path: "/data" }] });
  for (const id of [1, 2, 3]) backend.service(broker(id), { parent });
  backend.service(spec("kafka-exporter"), { parent });
  const { name: _, needs: __, health: ___, stopGrace: ____, ports: _____, ...task } = spec("kafka-exporter");
  backend.job({ ...task, name: "kafka-topics", needs: ["kafka-1", "kafka-2", "kafka-3"], deadline: "60s" }, { parent, completes: "kafka" });
  backend.service(spec("risk-manager", { needs: [] }), { parent });
  void backend.finish();
  await pulumi.runtime.disconnect();
});

test("nothing runs before its namespace, its priority and its policy are there", () => {
  expect(after(of("apps/v1:StatefulSet", "kafka"))).toEqual(
    expect.arrayContaining([
      "kubernetes:core/v1:Namespace ultrathink",
      "kubernetes:scheduling.k8s.io/v1:PriorityClass ultrathink-data",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy ultrathink/default-deny",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy ultrathink/kafka",
    ]),
  );
});

test("brokers find each other's addresses before they run, and clients theirs when one answers", () => {
  const set = after(of("apps/v1:StatefulSet", "kafka"));
  for (const address of ["kafka-headless", "kafka-1", "kafka-2", "kafka-3"]) expect(set).toContain(`kubernetes:core/v1:Service ${address}`);
  expect(set).not.toContain("kubernetes:core/v1:Service kafka");
  expect(after(of("core/v1:Service", "kafka"))).toContain("kubernetes:apps/v1:StatefulSet kafka");
});

test("clients are switched to what is there, and a candidate has its address when it answers", () => {
  const deployments = ["risk-manager", "risk-manager-next"].map(name => `kubernetes:apps/v1:Deployment ${name}`);
  expect(after(of("core/v1:Service", "risk-manager"))).toEqual(expect.arrayContaining(deployments));
  expect(after(of("core/v1:Service", "risk-manager-next"))).toContain(deployments[1]);
  expect(after(of("autoscaling/v2:HorizontalPodAutoscaler", "risk-manager-next"))).toContain(deployments[1]);
});

test("who needs the brokers waits for the topics too, and the topics for the brokers", () => {
  expect(after(of("batch/v1:Job", "kafka-topics"))).toContain("kubernetes:apps/v1:StatefulSet kafka");
  expect(after(of("apps/v1:Deployment", "kafka-exporter"))).toContain("kubernetes:batch/v1:Job kafka-topics");
});

test("what something comes after does not grow with the services beside it", () => {
  const policies = after(of("apps/v1:Deployment", "kafka-exporter")).filter(name => name.includes("NetworkPolicy"));
  expect(policies.sort()).toEqual(
    ["ultrathink-node/default-deny", "ultrathink/default-deny", "ultrathink/kafka-exporter"].map(
      name => `kubernetes:networking.k8s.io/v1:NetworkPolicy ${name}`,
    ),
  );
});
