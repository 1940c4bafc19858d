import * as pulumi from "@pulumi/pulumi";
import type { Secrets } from "../../components/secrets";
import { workloadSpec } from "../../components/workload";
import { grown, type System } from "../../systems/declaration";
import { ultrathink } from "../../systems/ultrathink";

const secrets = { password: () => pulumi.secret("generated") } as unknown as Secrets;
const addresses = (system: System, name: string) =>
  Object.keys(workloadSpec({ system, name, workload: system.workloads[name]!, profile: {}, authority: "", secrets }).env!).filter(key =>
    key.endsWith("_URL"),
  );

test("a workload is given the addresses of the workloads that its row names", () => {
  expect(addresses(ultrathink, "inference-service")).toEqual(["DATA_SERVICE_URL", "REGIME_DETECTION_URL", "META_CONTROLLER_URL", "RISK_MANAGER_URL"]);
  expect(addresses(ultrathink, "risk-manager")).toEqual([]);
});

test("its settings stay as many when the system grows", () => {
  expect(addresses(grown(ultrathink, 100), "inference-service")).toEqual(addresses(ultrathink, "inference-service"));
});
