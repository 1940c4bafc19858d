import { rule } from "../../../policies/rules/docker-container-disallow-privileged-mode";
import { UNKNOWN, container, describeContainerRule } from "../support";

const host = (namespace: string) =>
  `container "ultrathink-timescaledb": ${namespace} is host, the container's own namespace is required. Remove ${namespace}.`;

describeContainerRule(rule, {
  reports: {
    "a privileged container": [
      container({ privileged: true }),
      ['container "ultrathink-timescaledb": it is privileged, which is never allowed. Remove privileged.'],
    ],
    "each of the host's namespaces": [
      container({ pidMode: "host", ipcMode: "host", networkMode: "host", usernsMode: "host" }),
      [host("pidMode"), host("ipcMode"), host("networkMode"), host("usernsMode")],
    ],
  },
  accepts: { "namespaces of its own": container({ privileged: false, ipcMode: "private", networkMode: "bridge" }) },
  leavesOpen: { "a network mode that is not known yet": container({ networkMode: UNKNOWN }) },
});
