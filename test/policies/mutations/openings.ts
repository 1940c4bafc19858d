import type { Json } from "./tree";

/** Something that is not declared, and that would open a stack if it were. */
interface Opening {
  /** Kinds of resources. */
  kinds: RegExp;
  /** Where: `[]` is each element of a list, one at a time; `pod` and `container` are those that a resource runs. */
  path: string[];
  value: Json;
  by: string;
}

const running = /^(StatefulSet|Deployment|DaemonSet|Job|CronJob)$/;
const restricted = "kubernetes-pod-enforce-restricted-security";
const openPeer = "kubernetes-network-policy-disallow-open-peer";
const plainSecret = "kubernetes-container-disallow-plain-secret";
const publicAddress = "kubernetes-service-disallow-public-address";
const write = "kubernetes-role-disallow-write";

const openings: Opening[] = [
  { kinds: running, path: ["pod", "hostNetwork"], value: true, by: restricted },
  { kinds: running, path: ["pod", "hostPID"], value: true, by: restricted },
  { kinds: running, path: ["pod", "hostIPC"], value: true, by: restricted },
  { kinds: running, path: ["pod", "automountServiceAccountToken"], value: true, by: "kubernetes-pod-disallow-token" },
  { kinds: running, path: ["pod", "volumes"], value: [{ name: "x", hostPath: { path: "/etc" } }], by: "kubernetes-pod-disallow-host-path" },
  { kinds: running, path: ["container", "securityContext", "privileged"], value: true, by: restricted },
  { kinds: running, path: ["container", "securityContext", "capabilities", "add"], value: ["SYS_ADMIN"], by: restricted },
  { kinds: running, path: ["container", "securityContext", "seccompProfile"], value: { type: "Unconfined" }, by: restricted },
  { kinds: running, path: ["container", "securityContext", "runAsUser"], value: 0, by: restricted },
  { kinds: running, path: ["container", "ports"], value: [{ containerPort: 1, hostPort: 1 }], by: restricted },
  { kinds: running, path: ["container", "image"], value: "image:latest", by: "image-disallow-floating-version" },
  { kinds: running, path: ["container", "env"], value: [{ name: "DATABASE_PASSWORD", value: "x" }], by: plainSecret },
  { kinds: running, path: ["container", "envFrom"], value: [{ secretRef: { name: "x" } }], by: plainSecret },
  { kinds: running, path: ["container", "args"], value: ["--password", "x"], by: plainSecret },
  {
    kinds: /^(Deployment|StatefulSet)$/,
    path: ["container", "resources", "limits", "nvidia.com/gpu.shared"],
    value: "1",
    by: "kubernetes-pod-enforce-whole-gpu",
  },
  { kinds: /^CronJob$/, path: ["spec", "suspend"], value: true, by: "kubernetes-cronjob-configure-schedule" },
  { kinds: /^Service$/, path: ["spec", "type"], value: "NodePort", by: publicAddress },
  { kinds: /^Service$/, path: ["spec", "type"], value: "LoadBalancer", by: publicAddress },
  { kinds: /^Service$/, path: ["spec", "externalIPs"], value: ["192.0.2.1"], by: publicAddress },
  { kinds: /^HTTPRoute$/, path: ["spec", "hostnames"], value: ["*"], by: publicAddress },
  { kinds: /^(Cluster)?Role$/, path: ["rules", "[]", "verbs"], value: ["*"], by: write },
  { kinds: /^(Cluster)?Role$/, path: ["rules", "[]", "resources"], value: ["secrets"], by: write },
  { kinds: /^(Cluster)?Role$/, path: ["rules", "[]", "resources"], value: ["configmaps"], by: write },
  { kinds: /^(Cluster)?RoleBinding$/, path: ["roleRef", "name"], value: "cluster-admin", by: write },
  { kinds: /^NetworkPolicy$/, path: ["spec", "ingress"], value: [{}], by: openPeer },
  { kinds: /^NetworkPolicy$/, path: ["spec", "egress"], value: [{}], by: openPeer },
  { kinds: /^ConfigMap$/, path: ["data", "x"], value: "password: x", by: "kubernetes-config-map-disallow-secret" },
  { kinds: /^Container$/, path: ["privileged"], value: true, by: "docker-container-disallow-privileged-mode" },
  { kinds: /^Container$/, path: ["networkMode"], value: "host", by: "docker-container-disallow-privileged-mode" },
  { kinds: /^Container$/, path: ["capabilities", "adds"], value: ["NET_ADMIN"], by: "docker-container-disallow-capabilities" },
  { kinds: /^Container$/, path: ["ports"], value: [{ internal: 1, external: 1 }], by: "docker-container-disallow-public-port" },
  { kinds: /^Container$/, path: ["envs"], value: ["DATABASE_PASSWORD=x"], by: "docker-container-disallow-plain-secret" },
  {
    kinds: /^Container$/,
    path: ["volumes"],
    value: [{ hostPath: "/var/run", containerPath: "/x", readOnly: true }],
    by: "docker-container-disallow-docker-socket",
  },
  { kinds: /^Container$/, path: ["restart"], value: "on-failure", by: "docker-container-enforce-unlimited-restart" },
  {
    kinds: /^Container$/,
    path: ["securityOpts"],
    value: ["no-new-privileges", "seccomp=unconfined"],
    by: "docker-container-enforce-no-new-privileges",
  },
  { kinds: /^RemoteImage$/, path: ["name"], value: "image:latest", by: "image-disallow-floating-version" },
];

type Tree = { [key: string]: Json };

/** The tree with a value put at each place that a path names, one at a time. */
function put(tree: Json, [key, ...rest]: string[], value: Json): Json[] {
  if (key === undefined) return [value];
  if (key === "[]") {
    const list = Array.isArray(tree) ? tree : [];
    return list.flatMap((element, index) => put(element, rest, value).map(changed => list.map((other, at) => (at === index ? changed : other))));
  }
  const own = (typeof tree === "object" && tree !== null && !Array.isArray(tree) ? tree : {}) as Tree;
  return put(own[key] ?? null, rest, value).map(changed => ({ ...own, [key]: changed }));
}

/** Whole paths of an opening in resources of a kind: a container is one that runs, or one that runs first. */
function wholePaths({ path: [first, ...rest] }: Opening, kind: string): string[][] {
  const pod = [...(kind === "CronJob" ? ["spec", "jobTemplate"] : []), "spec", "template", "spec"];
  if (first === "pod") return [[...pod, ...rest]];
  if (first === "container") return ["containers", "initContainers"].map(list => [...pod, list, "[]", ...rest]);
  return [[first!, ...rest]];
}

/** Every opening of a resource, the place that it is at, and the rule that must answer. */
export function openingsOf(kind: string, inputs: Tree): { path: string; by: string; value: Tree }[] {
  return openings
    .filter(({ kinds }) => kinds.test(kind))
    .flatMap(opening =>
      wholePaths(opening, kind).flatMap(path =>
        put(inputs, path, opening.value).map(value => ({ path: path.join("."), by: opening.by, value: value as Tree })),
      ),
    );
}
