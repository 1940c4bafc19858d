import { rule } from "../../../policies/rules/docker-container-enforce-unlimited-restart";
import { UNKNOWN, container, describeContainerRule, job } from "../support";

const message = (found: string, mend: string, name = "ultrathink-timescaledb") => [`container "${name}": ${found}. ${mend}.`];
const restart = (found: string) => message(`restart is ${found}, always or unless-stopped is required`, "Set restart to unless-stopped");

describeContainerRule(rule, {
  reports: {
    "no restart policy": [container({ restart: undefined }), restart("no")],
    "a restart on failure, which ends with the daemon": [container({ restart: "on-failure" }), restart("on-failure")],
    "a limit": [container({ maxRetryCount: 5 }), message("maxRetryCount is 5, no limit is allowed", "Remove maxRetryCount")],
    "a one-shot job that is started again": [
      job({ restart: "always" }),
      message(
        "it is a one-shot job and restart is always, no is required",
        "Set restart to no, or remove the label dev.ultrathink.job",
        "ultrathink-schema",
      ),
    ],
  },
  accepts: {
    "unless-stopped": container({ restart: "unless-stopped" }),
    "a one-shot job": job(),
    "a one-shot job without a policy": job({ restart: undefined }),
  },
  leavesOpen: { "a policy that is not known yet": container({ restart: UNKNOWN }) },
});
