import { rule } from "../../../policies/rules/docker-container-disallow-public-port";
import { UNKNOWN, container, describeContainerRule } from "../support";

const published = (port: number, on: string, allowed = "127.0.0.1 or ::1", set = "127.0.0.1") =>
  `container "ultrathink-timescaledb": port ${port} is published on ${on}, ${allowed} is allowed. Set the port's ip to ${set}.`;
const loopback = { internal: 5432, external: 5432, ip: "127.0.0.1" };

describeContainerRule(rule, {
  reports: {
    "a port without an address": [container({ ports: [{ internal: 5432, external: 5432 }] }), [published(5432, "every address")]],
    "open ports first and last": [
      container({ ports: [{ internal: 1, external: 1, ip: "0.0.0.0" }, loopback, { internal: 2, external: 2, ip: "192.0.2.7" }] }),
      [published(1, "0.0.0.0"), published(2, "192.0.2.7")],
    ],
    "all ports of the image": [
      container({ publishAllPorts: true }),
      ['container "ultrathink-timescaledb": publishAllPorts publishes the image\'s ports on every address. Remove it and list the ports.'],
    ],
    "loopback where the profile names another address": [
      container(),
      [published(5432, "127.0.0.1", "192.0.2.7", "192.0.2.7")],
      { addresses: ["192.0.2.7"] },
    ],
  },
  accepts: {
    "the loopback address of IPv6": container({ ports: [{ ...loopback, ip: "::1" }] }),
    "no ports": container({ ports: undefined }),
    "the address that the profile names": [container({ ports: [{ ...loopback, ip: "192.0.2.7" }] }), { addresses: ["192.0.2.7"] }],
  },
  leavesOpen: { "an address that is not known yet": container({ ports: [{ ...loopback, ip: UNKNOWN }] }) },
});
