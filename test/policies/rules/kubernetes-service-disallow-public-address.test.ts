import { SERVICE } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-service-disallow-public-address";
import { describeObjectRule, judge } from "../support";

const service = (spec: object) => ({ metadata: { name: "redis" }, spec });

describe("routes", () => {
  const type = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
  const route = (name: string, to: string, hostnames: string[] = ["inference-service.example.com"]) =>
    judge(rule, { metadata: { name }, spec: { hostnames, rules: [{ backendRefs: [{ name: to }] }] } }, { type }).violations;

  it("accepts one to an exposed service", () => {
    expect(route("inference-service", "inference-service")).toEqual([]);
  });

  it("reports one to another service, in whose name ever", () => {
    expect(route("redis", "redis")).toHaveLength(2);
    expect(route("inference-service", "redis")).toEqual([expect.stringContaining("it leads to redis, which no book exposes")]);
  });

  it("reports one for every name", () => {
    expect(route("inference-service", "inference-service", [])).toEqual([expect.stringContaining("it takes every host name")]);
  });

  it("reports an Ingress", () => {
    expect(
      judge(rule, { metadata: { name: "inference-service" }, spec: { hostnames: ["x"] } }, { type: "kubernetes:networking.k8s.io/v1:Ingress" })
        .violations,
    ).toHaveLength(1);
  });
});

describeObjectRule(rule, {
  type: SERVICE,
  accepts: {
    "an address inside the cluster": service({ type: "ClusterIP" }),
    "another name of a pod": service({ type: "ExternalName", externalName: "kafka-1.kafka-headless.ultrathink.svc.cluster.local" }),
  },
  reports: {
    "a port of every node": [service({ type: "NodePort" }), "its type is NodePort"],
    "a load balancer": [service({ type: "LoadBalancer" }), "its type is LoadBalancer"],
    "an address of the network": [service({ externalIPs: ["192.0.2.1"] }), "it has external addresses"],
    "a node port beside it": [service({ ports: [{ nodePort: 30000 }] }), "it takes a port of every node"],
    "a name outside": [service({ type: "ExternalName", externalName: "example.com" }), "it stands for example.com"],
  },
});
