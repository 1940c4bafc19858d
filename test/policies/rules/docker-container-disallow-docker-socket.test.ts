import { rule } from "../../../policies/rules/docker-container-disallow-docker-socket";
import { UNKNOWN, container, describeContainerRule } from "../support";

const reaches = (path: string, name = "ultrathink-timescaledb") => [
  `container "${name}": host path ${path} reaches Docker's socket, and the exception table does not have it. Remove the mount of ${path}.`,
];
const bind = (hostPath: string) => [{ hostPath, containerPath: "/mnt", readOnly: true }];

describeContainerRule(rule, {
  reports: {
    "the socket": [container({ volumes: bind("/var/run/docker.sock") }), reaches("/var/run/docker.sock")],
    "the socket by its other path": [container({ volumes: bind("/run/docker.sock") }), reaches("/run/docker.sock")],
    "a folder above it": [container({ volumes: bind("/var/run/") }), reaches("/var/run")],
    "the whole host": [container({ volumes: bind("/") }), reaches("/")],
    "the socket as a volume name": [
      container({ volumes: [{ volumeName: "/var/run/docker.sock", containerPath: "/x" }] }),
      reaches("/var/run/docker.sock"),
    ],
    "the socket by the other way to mount": [
      container({ mounts: [{ type: "bind", source: "/var/run/docker.sock", target: "/x" }] }),
      reaches("/var/run/docker.sock"),
    ],
    "another path to it than the excepted one": [
      container({ name: "ultrathink-cadvisor", volumes: bind("/run") }),
      reaches("/run", "ultrathink-cadvisor"),
    ],
  },
  accepts: {
    "the socket for cAdvisor": container({ name: "ultrathink-cadvisor", volumes: bind("/var/run/docker.sock") }),
    "a host path that does not reach it": container({ volumes: bind("/var/lib/docker/containers") }),
  },
  leavesOpen: { "a path that is not known yet": container({ mounts: [{ type: "bind", source: UNKNOWN, target: "/x" }] }) },
});
