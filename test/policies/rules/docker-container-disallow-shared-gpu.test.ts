import { CONTAINER } from "../../../policies/docker";
import { rule } from "../../../policies/rules/docker-container-disallow-shared-gpu";
import { container, judgeStack, planned, resource } from "../support";

const on = (service: string, ...deviceIds: string[]) =>
  resource(CONTAINER, planned(container({ name: `ultrathink-${service}`, deviceRequests: [{ deviceIds }] })));

describe(rule.name, () => {
  it("accepts training on a device of its own, beside services that share another", () => {
    expect(judgeStack(rule, [on("inference-service", "0"), on("meta-controller", "0"), on("training-orchestrator", "1")])).toEqual({
      violations: [],
    });
  });

  it("accepts that an agent looks at every device", () => {
    expect(judgeStack(rule, [on("dcgm-exporter", "0", "1"), on("inference-service", "0"), on("training-orchestrator", "1")])).toEqual({
      violations: [],
    });
  });

  it("reports a device that training shares with what answers trades", () => {
    expect(judgeStack(rule, [on("inference-service", "0"), on("meta-controller", "1"), on("training-orchestrator", "2", "0")])).toEqual({
      violations: [
        'container "ultrathink-training-orchestrator": GPU 0 is also given to inference-service, which training may not share. Give training-orchestrator another device in gpuDevices.',
      ],
    });
  });

  it("does not apply where nothing has a GPU", () => {
    expect(judgeStack(rule, [resource(CONTAINER, container())])).toEqual({ violations: [], notApplicable: "no container has a GPU by name" });
  });
});
