import { rule } from "../../../policies/rules/docker-container-disallow-host-path";
import { UNKNOWN, container, describeContainerRule } from "../support";

const refused = (path: string, name = "ultrathink-timescaledb") =>
  `container "${name}": host path ${path} is mounted at /mnt, and the exception table does not have it. Use a named volume, or add an exception with its reason.`;
const writable = (name = "ultrathink-timescaledb") =>
  `container "${name}": the host path mounted at /mnt is writable, read-only is required. Set readOnly on the mount.`;

describeContainerRule(rule, {
  reports: {
    "a path of the host": [container({ volumes: [{ hostPath: "/srv/data", containerPath: "/mnt", readOnly: true }] }), [refused("/srv/data")]],
    "a writable one besides": [container({ volumes: [{ hostPath: "/srv/data", containerPath: "/mnt" }] }), [refused("/srv/data"), writable()]],
    "one by the other way to mount": [container({ mounts: [{ type: "bind", source: "/srv", target: "/mnt", readOnly: true }] }), [refused("/srv")]],
    "an excepted path that is writable": [
      container({ name: "ultrathink-cadvisor", volumes: [{ hostPath: "/sys", containerPath: "/mnt" }] }),
      [writable("ultrathink-cadvisor")],
    ],
    "a path below an excepted one": [
      container({ name: "ultrathink-cadvisor", volumes: [{ hostPath: "/sys/kernel", containerPath: "/mnt", readOnly: true }] }),
      [refused("/sys/kernel", "ultrathink-cadvisor")],
    ],
    "the mode of a path that is not known yet": [container({ mounts: [{ type: "bind", source: UNKNOWN, target: "/mnt" }] }), [writable()]],
  },
  accepts: {
    "an excepted path, read-only": container({ name: "ultrathink-cadvisor", volumes: [{ hostPath: "/sys", containerPath: "/mnt", readOnly: true }] }),
    "no mounts": container({ volumes: undefined }),
  },
  leavesOpen: { "a volume whose name is not known yet": container({ volumes: [{ volumeName: UNKNOWN, containerPath: "/data" }] }) },
});
