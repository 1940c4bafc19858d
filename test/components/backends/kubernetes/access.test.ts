import type * as k8s from "@pulumi/kubernetes";
import { accessOf } from "../../../../components/backends/kubernetes/access";
import { kubernetesDiscovery } from "../../../../components/backends/kubernetes/discovery";
import { lowerUnit } from "../../../../components/backends/kubernetes/lowering";
import { unitsOf } from "../../../../components/backends/kubernetes/units";
import { kubeStateMetricsSpec } from "../../../../components/observability/kube-state-metrics";
import { context, spec, system } from "./support";

const secret = { path: "/run/secrets/key", kind: "secret" as const, content: "hidden" };
const sidecar = spec("backup", { sidecarOf: "timescaledb", files: [secret] });
const [database] = unitsOf(system, [spec("timescaledb", { external: undefined, files: [secret] }), sidecar]);
const { access, controller } = lowerUnit(context, database!);
const annotations = (account: k8s.core.v1.ServiceAccountArgs) => (account.metadata as { annotations?: object }).annotations;

test("the pod of what reaches S3 has an account with the vault's role, though only its sidecar reaches it; no other has one", () => {
  expect(annotations(access.account)).toEqual({ "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/ultrathink-backup-writer" });
  expect(access.account.automountServiceAccountToken).toBe(false);
  for (const name of Object.keys(system.services).filter(name => name !== "timescaledb" && name !== "backup")) {
    expect(annotations(accessOf(context, name, spec(name)).account)).toBeUndefined();
  }
});

test("the token's folder is there among the read-only secrets of each container, since nobody can make it later", () => {
  const pod = (controller.args.spec as { template: { spec: { initContainers: { command: string[] }[] } } }).template.spec;
  const commands = pod.initContainers.map(({ command }) => command.at(-1));
  expect(commands).toHaveLength(2);
  for (const command of commands) expect(command).toMatch(/^mkdir -p \/run\/secrets\/eks.amazonaws.com\/serviceaccount && umask 377 && cp /);
});

test("what tells of objects may list and watch in both namespaces exactly what it is told to, and nothing in the cluster", () => {
  const told = kubeStateMetricsSpec(system, "kube-state-metrics", kubernetesDiscovery(system).objects!);
  const { roles, clusterRole } = accessOf(context, told.name, told);
  const argument = (name: string) =>
    told
      .command!.find(word => word.startsWith(`--${name}=`))!
      .split("=")[1]!
      .split(",");
  expect(roles.map(({ metadata }) => (metadata as { namespace: string }).namespace)).toEqual(argument("namespaces"));
  for (const { rules } of roles as { rules: { resources: string[]; verbs: string[] }[] }[]) {
    expect(rules.flatMap(({ resources }) => resources)).toEqual(argument("resources"));
    expect(new Set(rules.map(({ verbs }) => verbs.join()))).toEqual(new Set(["list,watch"]));
  }
  expect(clusterRole).toBeUndefined();
});
