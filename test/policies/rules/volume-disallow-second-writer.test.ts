import { CONTAINER } from "../../../policies/docker";
import { STATEFUL_SET } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/volume-disallow-second-writer";
import { container, judgeStack, object, pod, resource } from "../support";

const mounts = (name: string, readOnly: boolean, volumeName = "infrastructure_timescale_data") =>
  resource(CONTAINER, container({ name, volumes: [{ volumeName, containerPath: "/data", readOnly }] }));
const set = (readOnly: boolean) => {
  const volumeMounts = [{ name: "data", mountPath: "/data" }];
  const containers = [
    pod({ name: "timescaledb", volumeMounts }),
    pod({ name: "backup", volumeMounts: volumeMounts.map(mount => ({ ...mount, readOnly })) }),
  ];
  return object(STATEFUL_SET, "timescaledb", { template: { spec: { containers } }, volumeClaimTemplates: [{ metadata: { name: "data" } }] });
};

describe(rule.name, () => {
  it("accepts a second service that only reads", () => {
    expect(judgeStack(rule, [mounts("ultrathink-timescaledb", false), mounts("ultrathink-backup", true), set(true)])).toEqual({ violations: [] });
  });

  it("accepts that several write to what nobody keeps", () => {
    const socket = "infrastructure_timescale_socket";
    expect(judgeStack(rule, [mounts("a", false, socket), mounts("b", false, socket), set(true)])).toEqual({ violations: [] });
  });

  it("reports a second writer on either platform", () => {
    expect(judgeStack(rule, [mounts("ultrathink-timescaledb", false), mounts("ultrathink-backup", false)]).violations).toEqual([
      'Volume "infrastructure_timescale_data": ultrathink-timescaledb and ultrathink-backup write to it, one alone may. Set readOnly on the mount of every other.',
    ]);
    expect(judgeStack(rule, [set(false)]).violations).toEqual([
      expect.stringMatching(/^StatefulSet "timescaledb" claim "data": timescaledb and backup write to it/),
    ]);
  });

  it("does not apply where nothing is kept", () => {
    expect(judgeStack(rule, [resource(CONTAINER, container({ volumes: [] }))])).toEqual({ violations: [], notApplicable: expect.any(String) });
  });
});
