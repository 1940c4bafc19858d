import { rule } from "../../../policies/rules/docker-container-configure-log-rotation";
import { UNKNOWN, container, describeContainerRule, job } from "../support";

const message = (found: string, mend: string) => `container "ultrathink-timescaledb": ${found}. ${mend}.`;
const size = (found: string) => message(`logOpts max-size is ${found}, 10m is required`, "Set logOpts max-size to 10m");
const file = (found: string) => message(`logOpts max-file is ${found}, 3 is required`, "Set logOpts max-file to 3");

describeContainerRule(rule, {
  reports: {
    "a container that leaves logging to the daemon": [
      container({ logDriver: undefined, logOpts: undefined }),
      [message("logDriver is not set, json-file is required", "Set logDriver to json-file"), size("not set"), file("not set")],
    ],
    "another driver": [container({ logDriver: "journald" }), [message("logDriver is journald, json-file is required", "Set logDriver to json-file")]],
    "larger files": [container({ logOpts: { "max-size": "100m", "max-file": "3" } }), [size("100m")]],
    "fewer files": [container({ logOpts: { "max-size": "10m", "max-file": "2" } }), [file("2")]],
    "a one-shot job without rotation": [
      job({ logOpts: {} }),
      [
        'container "ultrathink-schema": logOpts max-size is not set, 10m is required. Set logOpts max-size to 10m.',
        'container "ultrathink-schema": logOpts max-file is not set, 3 is required. Set logOpts max-file to 3.',
      ],
    ],
    "the runbook's values where the profile wants others": [
      container(),
      [message("logOpts max-file is 3, 5 is required", "Set logOpts max-file to 5")],
      { maxFile: 5 },
    ],
  },
  accepts: { "further log options": container({ logOpts: { "max-size": "10m", "max-file": "3", labels: "com.docker.compose.service" } }) },
  leavesOpen: { "options that are not known yet": container({ logOpts: { "max-size": UNKNOWN, "max-file": "3" } }) },
});
