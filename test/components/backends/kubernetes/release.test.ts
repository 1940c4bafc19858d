import type { KubernetesContext } from "../../../../components/backends/kubernetes/context";
import { autoscalerOf } from "../../../../components/backends/kubernetes/availability";
import { lowerUnit } from "../../../../components/backends/kubernetes/lowering";
import { unitsOf } from "../../../../components/backends/kubernetes/units";
import { manifestYaml, type Manifest } from "../../../../components/rendering/manifests";
import { context, spec, system } from "./support";

const CANDIDATE = "registry.example/workload:0.2.0";

interface Objects {
  deployment: { metadata: { name: string }; spec: { selector: { matchLabels: Labels }; template: { metadata: { labels: Labels }; spec: object } } };
  service: { metadata: { name: string }; spec: { selector: Labels } };
}
type Labels = Record<string, string>;

function lowered(name: string, releases: KubernetesContext["releases"]) {
  const unit = unitsOf(system, [spec(name, { image: "workloads" })])[0]!;
  const { controller, services, candidate, autoscaler } = lowerUnit({ ...context, releases }, unit);
  return {
    deployment: controller.args as Objects["deployment"],
    service: services[0] as Objects["service"],
    autoscaler: autoscaler!.spec as { minReplicas: number },
    next: candidate && {
      deployment: candidate.controller.args as Objects["deployment"],
      service: candidate.service as Objects["service"],
      autoscaler: candidate.autoscaler!.spec as { minReplicas: number; scaleTargetRef: { name: string } },
    },
  };
}

const beside = (live?: string) => lowered("data-service", { "data-service": { candidate: CANDIDATE, live } });
const yaml = (object: unknown) => manifestYaml(object as Manifest);

test("without a release there is no candidate, and the Service selects the version that runs", () => {
  const { service, next } = lowered("data-service", {});
  expect(next).toBeUndefined();
  expect(service.spec.selector).toEqual({ app: "data-service", version: "0.1.0" });
});

test("a candidate stands beside the stable Deployment, whose name and pods stay as they are", () => {
  const { deployment, next } = beside();
  expect(yaml(deployment)).toBe(yaml(lowered("data-service", {}).deployment));
  expect(deployment.metadata.name).toBe("data-service");
  expect(next!.deployment.metadata.name).toBe("data-service-next");
  expect(next!.deployment.spec.template.metadata.labels).toMatchObject({ app: "data-service", version: "0.2.0" });
});

test("neither Deployment selects the other's pods", () => {
  const { deployment, next } = beside();
  const selects = (one: Objects["deployment"], other: Objects["deployment"]) =>
    Object.entries(one.spec.selector.matchLabels).every(([key, value]) => other.spec.template.metadata.labels[key] === value);
  expect([selects(deployment, deployment), selects(next!.deployment, next!.deployment)]).toEqual([true, true]);
  expect([selects(deployment, next!.deployment), selects(next!.deployment, deployment)]).toEqual([false, false]);
});

test("a candidate differs from the stable one in image, version and track alone", () => {
  const { deployment, next } = beside();
  const same = yaml(next!.deployment)
    .replaceAll(CANDIDATE, context.images.workloads!)
    .replace("version: 0.2.0", "version: 0.1.0")
    .replaceAll("track: candidate", "track: stable")
    .replace("name: data-service-next", "name: data-service");
  expect(same).toBe(yaml(deployment));
});

test("the switch changes one object: the Service", () => {
  const [before, after] = [beside("0.1.0"), beside("0.2.0")];
  expect(after.service.spec.selector).toEqual({ app: "data-service", version: "0.2.0" });
  expect(yaml({ ...after, service: before.service })).toBe(yaml(before));
});

test("a candidate is asked under a name of its own, whichever version clients get", () => {
  for (const live of ["0.1.0", "0.2.0"]) {
    const { service } = beside(live).next!;
    expect([service.metadata.name, service.spec.selector]).toEqual(["data-service-next", { app: "data-service", track: "candidate" }]);
  }
});

test("a candidate takes one GPU more, and where there is none as many pods as the version before has at its least", () => {
  const gpu = lowered("inference-service", { "inference-service": { candidate: CANDIDATE } });
  expect([gpu.autoscaler.minReplicas, gpu.next!.autoscaler.minReplicas]).toEqual([2, 1]);
  const plain = beside();
  expect([plain.autoscaler.minReplicas, plain.next!.autoscaler.minReplicas]).toEqual([2, 2]);
  expect(plain.next!.autoscaler.scaleTargetRef.name).toBe("data-service-next");
});

test("what is not released has no track, and its Service selects no version", () => {
  const unit = unitsOf(system, [spec("forensics-consumer", { image: "workloads" })])[0]!;
  const { controller, services } = lowerUnit(context, unit);
  expect((services[0] as Objects["service"]).spec.selector).toEqual({ app: "forensics-consumer" });
  expect((controller.args as Objects["deployment"]).spec.selector.matchLabels).toEqual({ app: "forensics-consumer" });
  expect(autoscalerOf(context, unit)).toBeUndefined();
});
