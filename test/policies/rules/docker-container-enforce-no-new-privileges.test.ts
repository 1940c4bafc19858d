import { rule } from "../../../policies/rules/docker-container-enforce-no-new-privileges";
import { UNKNOWN, container, describeContainerRule } from "../support";

const lacks = 'container "ultrathink-timescaledb": securityOpts lacks no-new-privileges. Add no-new-privileges to securityOpts.';
const off = (option: string) => `container "ultrathink-timescaledb": securityOpts has ${option}, which switches a protection off. Remove ${option}.`;

describeContainerRule(rule, {
  reports: {
    "no security options": [container({ securityOpts: undefined }), [lacks]],
    "the option switched off": [container({ securityOpts: ["no-new-privileges:false"] }), [lacks]],
    "switched-off profiles, first and last": [
      container({ securityOpts: ["seccomp=unconfined", "no-new-privileges", "label:disable"] }),
      [off("seccomp=unconfined"), off("label:disable")],
    ],
  },
  accepts: { "the long form": container({ securityOpts: ["no-new-privileges:true"] }) },
  leavesOpen: { "an option that is not known yet": container({ securityOpts: [UNKNOWN] }) },
});
