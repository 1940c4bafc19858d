import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Programs } from "./programs";

/** Name of the cluster's context in its kubeconfig. */
export const CONTEXT = "sandbox";

/** Who talks to the API server; each has a token, and the rights that Kubernetes gives its name or group. */
const USERS = {
  admin: { name: "kubernetes-admin", group: "system:masters" },
  controllers: { name: "system:kube-controller-manager", group: "" },
  scheduler: { name: "system:kube-scheduler", group: "" },
  nodes: { name: "kwok", group: "system:masters" },
};
type User = keyof typeof USERS;

/** Ports of this machine that answer for a port of every pod: simulated ones run no server. */
export type Forwards = Record<number, number>;

/** What makes the simulated kubelets forward ports, in kwok's words. */
const forwarding = (forwards: Forwards) =>
  stringify({
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "ClusterPortForward",
    metadata: { name: "forwards" },
    spec: { forwards: Object.entries(forwards).map(([pod, port]) => ({ ports: [Number(pod)], target: { address: "127.0.0.1", port } })) },
  });

/** A program with its arguments. */
export interface Command {
  name: string;
  program: string;
  args: string[];
}

/** A control plane of its own, in one folder: sockets, certificates, tokens, data. */
export interface ControlPlane {
  url: string;
  /** PEM of who signed the API server's certificate; there once the API server has started. */
  authority: string;
  /** Token of the user who may do everything. */
  token: string;
  kubeconfig: string;
  /** The API server and its store. */
  server: Command[];
  /** What works on the API: started when it answers. */
  workers: Command[];
}

/**
 * Writes what a control plane reads, and says how it is started.
 *
 * @param folder that nobody else can read
 * @param ports of loopback that are free, for the API server and for the kubelet of every node
 */
export function prepareControlPlane(
  programs: Programs,
  folder: string,
  { port, kubeletPort }: { port: number; kubeletPort: number },
  forwards: Forwards,
): ControlPlane {
  const at = (...path: string[]) => join(folder, ...path);
  const write = (name: string, text: string) => writeFileSync(at(name), text, { mode: 0o600 });
  mkdirSync(at("certificates"), { mode: 0o700 });
  const keys = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  write("service-accounts.key", keys.privateKey);
  write("service-accounts.pub", keys.publicKey);
  const tokens = Object.fromEntries(Object.keys(USERS).map(user => [user, randomBytes(32).toString("hex")])) as Record<User, string>;
  write(
    "tokens.csv",
    Object.entries(USERS)
      .map(([user, { name, group }]) => `${tokens[user as User]},${name},${user},"${group}"\n`)
      .join(""),
  );
  write("forwards.yaml", forwarding(forwards));
  const url = `https://127.0.0.1:${port}`;
  // The API server signs its own certificate and keeps it there.
  const authority = at("certificates", "apiserver.crt");
  const kubeconfig = (user: User) => {
    const file = `${user}.kubeconfig`;
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: CONTEXT, cluster: { server: url, "certificate-authority": authority } }],
      users: [{ name: user, user: { token: tokens[user] } }],
      contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, user } }],
      "current-context": CONTEXT,
    };
    write(file, JSON.stringify(config));
    return at(file);
  };
  const store = `unix://${at("etcd.sock")}`;
  const command = (program: string, options: Record<string, string>): Command => ({
    name: program.slice(program.lastIndexOf("/") + 1),
    program,
    args: Object.entries(options).map(([option, value]) => `--${option}=${value}`),
  });
  return {
    url,
    authority,
    token: tokens.admin,
    kubeconfig: kubeconfig("admin"),
    server: [
      command(join(programs.controlPlane, "etcd"), {
        "data-dir": at("etcd"),
        "listen-client-urls": store,
        "listen-peer-urls": `unix://${at("etcd-peer.sock")}`,
        // It has no peers, and tells nobody where it is; it wants to be asked all the same.
        "advertise-client-urls": "http://127.0.0.1:2379",
        // It is thrown away with the cluster.
        "unsafe-no-fsync": "true",
        "log-level": "warn",
      }),
      command(join(programs.controlPlane, "kube-apiserver"), {
        "etcd-servers": store,
        "bind-address": "127.0.0.1",
        "advertise-address": "127.0.0.1",
        "secure-port": String(port),
        "cert-dir": at("certificates"),
        "endpoint-reconciler-type": "none",
        "token-auth-file": at("tokens.csv"),
        "authorization-mode": "Node,RBAC",
        "allow-privileged": "true",
        "service-cluster-ip-range": "10.96.0.0/16",
        "service-account-issuer": "https://kubernetes.default.svc",
        "service-account-key-file": at("service-accounts.pub"),
        "service-account-signing-key-file": at("service-accounts.key"),
      }),
    ],
    workers: [
      command(join(programs.controlPlane, "kube-controller-manager"), {
        kubeconfig: kubeconfig("controllers"),
        "service-account-private-key-file": at("service-accounts.key"),
        // Each controller with its own rights, as clusters have it.
        "use-service-account-credentials": "true",
        "leader-elect": "false",
        "secure-port": "0",
      }),
      command(join(programs.controlPlane, "kube-scheduler"), { kubeconfig: kubeconfig("scheduler"), "leader-elect": "false", "secure-port": "0" }),
      command(join(programs.nodes, "kwok"), {
        kubeconfig: kubeconfig("nodes"),
        config: [join(__dirname, "nodes", "stages.yaml"), at("forwards.yaml")].join(),
        "node-ip": "127.0.0.1",
        "node-port": String(kubeletPort),
        "server-address": `127.0.0.1:${kubeletPort}`,
        // The API server asks kubelets for no certificate of a certain authority; it has to be one.
        "tls-cert-file": authority,
        "tls-private-key-file": at("certificates", "apiserver.key"),
        "manage-nodes-with-annotation-selector": "kwok.x-k8s.io/node=fake",
        "node-lease-duration-seconds": "40",
      }),
    ],
  };
}
