import { routeOf } from "../../../../components/backends/kubernetes/exposure";
import { networkPolicies } from "../../../../components/backends/kubernetes/network";
import { unitsOf } from "../../../../components/backends/kubernetes/units";
import { context, spec, system } from "./support";

const exposing = { ...context, domain: "example.com", gateway: "gateways/public" };
const units = unitsOf(system, [spec("inference-service"), spec("data-service")]);
const [inference, data] = units;

test("what is exposed is reached through the cluster's gateway, under its own name", () => {
  expect(routeOf(exposing, inference!)).toMatchObject({
    kind: "HTTPRoute",
    metadata: { name: "inference-service", namespace: "ultrathink" },
    spec: {
      parentRefs: [{ kind: "Gateway", namespace: "gateways", name: "public" }],
      hostnames: ["inference-service.example.com"],
      rules: [{ backendRefs: [{ kind: "Service", name: "inference-service", port: 8080 }] }],
    },
  });
});

test("nothing else is, and nothing without a domain", () => {
  expect(routeOf(exposing, data!)).toBeUndefined();
  expect(routeOf(context, inference!)).toBeUndefined();
  expect(Object.entries(system.services).flatMap(([name, { exposed }]) => (exposed ? [name] : []))).toEqual(["inference-service"]);
});

test("the gateway's namespace may ask for what is exposed and for nothing else", () => {
  const asked = networkPolicies(exposing, { units, jobs: [], schedules: [] }).filter(policy => JSON.stringify(policy).includes('"gateways"'));
  expect(asked.map(({ metadata }) => (metadata as { name: string }).name)).toEqual(["inference-service"]);
  expect((asked[0]!.spec as { ingress: unknown[] }).ingress).toContainEqual({
    from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "gateways" } } }],
    ports: [{ protocol: "TCP", port: 8080 }],
  });
});
