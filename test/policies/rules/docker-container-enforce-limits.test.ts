import { rule } from "../../../policies/rules/docker-container-enforce-limits";
import { UNKNOWN, container, describeContainerRule, job } from "../support";

const message = (found: string, mend: string, name = "ultrathink-timescaledb") => `container "${name}": ${found}. ${mend}.`;

describeContainerRule(rule, {
  reports: {
    "no limits at all": [
      container({ cpus: undefined, memory: undefined, memorySwap: undefined }),
      [message("cpus is not set, a limit is required", "Set cpus"), message("memory is not set, a limit is required", "Set memory, in MiB")],
    ],
    "no memorySwap, which is as much swap again": [
      container({ memorySwap: undefined }),
      [message("memorySwap is not set, 2048 MiB, the same as memory, is required", "Set memorySwap to 2048")],
    ],
    "a CPU limit of 0, which is none": [container({ cpus: "0" }), [message("cpus is 0, a limit is required", "Set cpus")]],
    "unlimited swap": [
      container({ memorySwap: -1 }),
      [message("memorySwap is -1, 2048 MiB, the same as memory, is required", "Set memorySwap to 2048")],
    ],
    "a one-shot job without a limit": [
      job({ memory: 0 }),
      [message("memory is not set, a limit is required", "Set memory, in MiB", "ultrathink-schema")],
    ],
  },
  accepts: { "a one-shot job with limits": job() },
  leavesOpen: { "a limit that is not known yet": container({ memory: UNKNOWN as unknown as number }) },
});
