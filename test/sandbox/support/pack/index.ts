import { PolicyPack, validateResourceOfType, type EnforcementLevel } from "@pulumi/policy";
import * as random from "@pulumi/random";

const enforcementLevel: EnforcementLevel = "mandatory";

new PolicyPack("t-sandbox-pack", {
  policies: [
    {
      name: "long-passwords",
      description: "Passwords have 16 characters or more.",
      enforcementLevel,
      validateResource: validateResourceOfType(random.RandomPassword, (password, _args, reportViolation) => {
        if (password.length < 16) reportViolation(`a password of ${password.length} characters is too short`);
      }),
    },
  ],
});
