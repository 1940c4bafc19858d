import { DEPLOYMENT } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-container-enforce-read-only-root";
import { deployment, describeObjectRule } from "../support";

describeObjectRule(rule, {
  type: DEPLOYMENT,
  accepts: {
    "a read-only root": deployment(),
  },
  reports: {
    "a writable root": [deployment({}, { securityContext: { readOnlyRootFilesystem: false } }), "readOnlyRootFilesystem is not true"],
    "one that nothing is said of": [deployment({}, { securityContext: undefined }), "readOnlyRootFilesystem is not true"],
  },
});
