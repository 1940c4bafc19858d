import { CONTAINER, NETWORK, VOLUME } from "../../../policies/docker";
import { rule } from "../../../policies/rules/docker-stack-disallow-undeclared-volume";
import { UNKNOWN, container, judgeStack, planned, resource } from "../support";

const declared = resource(VOLUME, { name: "infrastructure_timescale_data" });
const message = (found: string, mend: string) => ({ violations: [`container "ultrathink-timescaledb": ${found}. ${mend}.`] });

describe(rule.name, () => {
  it("accepts a container whose volume is declared", () => {
    expect(judgeStack(rule, [declared, resource(CONTAINER, container())])).toEqual({ violations: [] });
  });

  it("accepts it as the plugin writes it, too", () => {
    expect(judgeStack(rule, [declared, resource(CONTAINER, planned(container()))])).toEqual({ violations: [] });
  });

  it("reports a volume that is no resource of the stack", () => {
    expect(judgeStack(rule, [declared, resource(CONTAINER, container({ volumes: [{ volumeName: "elsewhere", containerPath: "/data" }] }))])).toEqual(
      message("it mounts the volume elsewhere at /data, which is no resource of this stack", "Declare elsewhere"),
    );
  });

  it("reports one by the other way to mount", () => {
    expect(
      judgeStack(rule, [declared, resource(CONTAINER, container({ mounts: [{ type: "volume", source: "elsewhere", target: "/data" }] }))]),
    ).toEqual(message("it mounts the volume elsewhere at /data, which is no resource of this stack", "Declare elsewhere"));
  });

  it("reports a volume without a name", () => {
    expect(judgeStack(rule, [declared, resource(CONTAINER, container({ volumes: [{ containerPath: "/data" }] }))])).toEqual(
      message("it mounts a volume without a name at /data, a declared volume is required", "Declare a volume and mount it there"),
    );
  });

  it("accepts paths of the host, which another rule judges", () => {
    expect(judgeStack(rule, [resource(CONTAINER, container({ volumes: [{ hostPath: "/sys", containerPath: "/sys" }] }))])).toEqual({
      violations: [],
    });
  });

  it("does not judge a mount whose volume is not known yet", () => {
    expect(judgeStack(rule, [declared, resource(CONTAINER, container({ volumes: [{ volumeName: UNKNOWN, containerPath: "/data" }] }))])).toEqual({
      violations: [],
    });
  });

  it("does not apply to a stack without containers", () => {
    expect(judgeStack(rule, [resource(NETWORK, {})])).toEqual({ violations: [], notApplicable: "nothing in this stack runs on Docker" });
  });
});
