import { rule } from "../../../policies/rules/docker-container-disallow-root-user";
import { UNKNOWN, container, describeContainerRule } from "../support";

const message = (user: string) => [
  `container "ultrathink-timescaledb": user is ${user}, a number above 0 is required. Set user to the number of the image's own user, such as 1000:1000.`,
];

describeContainerRule(rule, {
  reports: {
    "no user, which is the image's": [container({ user: undefined }), message("not set")],
    "root by number": [container({ user: "0:0" }), message("0:0")],
    "root by number with another group": [container({ user: "0:1000" }), message("0:1000")],
    "a user by name, which may be root": [container({ user: "postgres" }), message("postgres")],
  },
  accepts: {
    "a number without a group": container({ user: "999" }),
    "root in an excepted container": container({ name: "ultrathink-alloy", user: "0:0" }),
  },
  leavesOpen: { "a user that is not known yet": container({ user: UNKNOWN }) },
});
