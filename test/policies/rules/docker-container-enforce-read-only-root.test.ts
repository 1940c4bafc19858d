import { rule } from "../../../policies/rules/docker-container-enforce-read-only-root";
import { UNKNOWN, container, describeContainerRule } from "../support";

const message = [
  'container "ultrathink-timescaledb": it has no uploads and a writable root file system. Set readOnly to true and mount a tmpfs where it writes.',
];

describeContainerRule(rule, {
  reports: {
    "no uploads and a writable root": [container({ uploads: [] }), message],
    "no uploads and nothing said about the root": [container({ uploads: undefined, readOnly: undefined }), message],
  },
  accepts: { "no uploads and a read-only root": container({ uploads: [], readOnly: true }) },
  leavesOpen: { "a root that is not known yet": container({ uploads: [], readOnly: UNKNOWN as unknown as boolean }) },
});
