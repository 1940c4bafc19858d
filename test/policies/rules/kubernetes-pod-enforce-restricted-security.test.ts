import { DEPLOYMENT, type PodSpec } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-pod-enforce-restricted-security";
import { deployment, describeObjectRule, pod } from "../support";

const security = pod().securityContext!;

describeObjectRule(rule, {
  type: DEPLOYMENT,
  accepts: {
    "a restricted pod": deployment(),
    "what the pod says for its containers": deployment(
      {},
      { securityContext: { ...security, runAsUser: undefined, runAsNonRoot: undefined, seccompProfile: undefined } },
    ),
  },
  reports: {
    "the host's network": [deployment({ hostNetwork: true }), "hostNetwork is true"],
    "the host's processes": [deployment({ hostPID: true }), "hostPID is true"],
    "the host's memory": [deployment({ hostIPC: true }), "hostIPC is true"],
    "a sysctl": [
      deployment({ securityContext: { ...pod().securityContext, capabilities: undefined, sysctls: [{}] } as PodSpec["securityContext"] }),
      "it sets sysctls",
    ],
    "a container that may be root": [deployment({}, { securityContext: { ...security, runAsNonRoot: false } }), "runAsNonRoot is not true"],
    "a user that the host has": [deployment({}, { securityContext: { ...security, runAsUser: 999 } }), "runAsUser is 999, a number of 10000 or more"],
    "no seccomp profile": [
      deployment({}, { securityContext: { ...security, seccompProfile: { type: "Unconfined" } } }),
      "seccompProfile is Unconfined",
    ],
    escalation: [deployment({}, { securityContext: { ...security, allowPrivilegeEscalation: undefined } }), "allowPrivilegeEscalation is not false"],
    privilege: [deployment({}, { securityContext: { ...security, privileged: true } }), "it is privileged"],
    "an open /proc": [deployment({}, { securityContext: { ...security, procMount: "Unmasked" } }), "procMount is Unmasked"],
    "capabilities that are not dropped": [
      deployment({}, { securityContext: { ...security, capabilities: { drop: ["NET_RAW"] } } }),
      "capabilities.drop lacks ALL",
    ],
    "a capability": [
      deployment({}, { securityContext: { ...security, capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] } } }),
      "capability NET_ADMIN is added",
    ],
    "a port of the host": [deployment({}, { ports: [{ containerPort: 8000, hostPort: 8000 }] }), "it takes port 8000 of its host"],
    "the same in a container that runs first": [
      deployment({ initContainers: [pod({ name: "first", securityContext: { ...security, privileged: true } })] }),
      "container first: it is privileged",
    ],
  },
});
