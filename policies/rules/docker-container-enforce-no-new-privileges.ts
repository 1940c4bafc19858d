import { onContainers } from "../docker";
import type { ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "docker-container-enforce-no-new-privileges",
  displayName: "No new privileges",
  description: "No process may gain privileges that its container started without, and no security profile is switched off.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Set securityOpts to no-new-privileges and leave Docker's seccomp and AppArmor profiles on.",
  tags: ["hardening"],
  validateResource: onContainers(({ props, violation }) => {
    const options = props.securityOpts ?? [];
    if (!options.some(option => /^no-new-privileges([:=]true)?$/.test(option))) {
      violation("securityOpts lacks no-new-privileges", "Add no-new-privileges to securityOpts");
    }
    for (const option of options.filter(option => /[:=](unconfined|disable)$/.test(option))) {
      violation(`securityOpts has ${option}, which switches a protection off`, `Remove ${option}`);
    }
  }),
};
