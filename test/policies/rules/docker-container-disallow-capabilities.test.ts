import { rule } from "../../../policies/rules/docker-container-disallow-capabilities";
import { UNKNOWN, container, describeContainerRule } from "../support";

const keeps = 'container "ultrathink-timescaledb": capabilities.drops lacks ALL. Set capabilities.drops to ["ALL"].';
const adds = (capability: string, name = "ultrathink-timescaledb") =>
  `container "${name}": capability ${capability} is added, and the exception table does not have it. Remove ${capability}, or add an exception with its reason.`;

describeContainerRule(rule, {
  reports: {
    "a container that drops nothing": [container({ capabilities: undefined }), [keeps]],
    "a container that drops some": [container({ capabilities: { drops: ["NET_RAW"] } }), [keeps]],
    "an added capability, first and last": [
      container({ capabilities: { drops: ["ALL"], adds: ["NET_ADMIN", "CAP_CHOWN"] } }),
      [adds("NET_ADMIN"), adds("CHOWN")],
    ],
    "another capability than the excepted one": [
      container({ name: "ultrathink-alloy", capabilities: { drops: ["ALL"], adds: ["CAP_DAC_READ_SEARCH", "CAP_SYS_ADMIN"] } }),
      [adds("SYS_ADMIN", "ultrathink-alloy")],
    ],
  },
  accepts: {
    "the excepted capability": container({ name: "ultrathink-alloy", capabilities: { drops: ["ALL"], adds: ["CAP_DAC_READ_SEARCH"] } }),
    "the dropped capabilities in small letters": container({ capabilities: { drops: ["all"], adds: [] } }),
  },
  leavesOpen: { "a capability that is not known yet": container({ capabilities: { drops: ["ALL"], adds: [UNKNOWN] } }) },
});
