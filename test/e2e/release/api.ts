import { readFileSync } from "node:fs";
import { request } from "node:https";

export interface Managed {
  kind: string;
  metadata: { name: string; namespace?: string; resourceVersion: string; generation?: number; labels?: Record<string, string> };
  spec: Record<string, unknown>;
  status?: Record<string, unknown>;
}

/** Where kinds of the stack are asked for; what the controllers of the cluster write beside it is not the stack's. */
const KINDS = [
  "/api/v1/services",
  "/api/v1/configmaps",
  "/api/v1/secrets",
  "/api/v1/serviceaccounts",
  "/apis/apps/v1/deployments",
  "/apis/apps/v1/statefulsets",
  "/apis/apps/v1/daemonsets",
  "/apis/batch/v1/jobs",
  "/apis/batch/v1/cronjobs",
  "/apis/autoscaling/v2/horizontalpodautoscalers",
  "/apis/policy/v1/poddisruptionbudgets",
  "/apis/networking.k8s.io/v1/networkpolicies",
  "/apis/rbac.authorization.k8s.io/v1/roles",
  "/apis/rbac.authorization.k8s.io/v1/rolebindings",
];

/** The API of a cluster, asked as kubectl does, past everything that is tested. */
export class Api {
  private readonly server: string;
  private readonly options: { ca: Buffer; headers: Record<string, string> };

  /** @param kubeconfig path of one with a token and the file of an authority */
  constructor(kubeconfig: string) {
    const { clusters, users } = JSON.parse(readFileSync(kubeconfig, "utf8")) as {
      clusters: { cluster: { server: string; "certificate-authority": string } }[];
      users: { user: { token: string } }[];
    };
    const { server, "certificate-authority": authority } = clusters[0]!.cluster;
    this.server = server;
    this.options = { ca: readFileSync(authority), headers: { authorization: `Bearer ${users[0]!.user.token}` } };
  }

  async send<T = Managed>(method: "GET" | "PATCH", path: string, body?: object): Promise<T> {
    const { ca, headers } = this.options;
    const type = body ? { "content-type": "application/strategic-merge-patch+json" } : {};
    const [status, text] = await new Promise<[number, string]>((resolve, reject) => {
      const sent = request(`${this.server}${path}`, { method, ca, headers: { ...headers, ...type } }, response => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve([response.statusCode!, Buffer.concat(chunks).toString()]));
      });
      sent.on("error", reject).end(body && JSON.stringify(body));
    });
    if (status >= 300) throw new Error(`${status} from ${method} ${path}: ${text.slice(0, 500)}`);
    return JSON.parse(text) as T;
  }

  async list(path: string, selector = ""): Promise<Managed[]> {
    return (await this.send<{ items: Managed[] }>("GET", `${path}?labelSelector=${encodeURIComponent(selector)}`)).items;
  }

  service = (name: string) => this.send("GET", `/api/v1/namespaces/ultrathink/services/${name}`);
  deployments = () => this.list("/apis/apps/v1/namespaces/ultrathink/deployments");

  /** `kubectl patch service <name> -p <patch>`. */
  patchService = (name: string, patch: object) =>
    this.send("PATCH", `/api/v1/namespaces/ultrathink/services/${name}?fieldManager=kubectl-patch`, patch);

  /** The version of every object of the stack. Of those that controllers report in, what is declared: reports, and replicas by load, are no change. */
  async versions(): Promise<Record<string, string>> {
    const lists = await Promise.all(KINDS.map(async path => [path, await this.list(path, "app.kubernetes.io/managed-by=pulumi")] as const));
    return Object.fromEntries(
      lists.flatMap(([path, objects]) =>
        objects.map(({ metadata: { namespace, name, labels, resourceVersion }, spec, status }) => [
          `${path.split("/").at(-1)!} ${namespace}/${name}`,
          status && !path.endsWith("/services") ? JSON.stringify({ labels, spec: { ...spec, replicas: undefined } }) : resourceVersion,
        ]),
      ),
    );
  }
}

/** Names of what is not the same, or only in one. */
export const changed = (before: Record<string, string>, after: Record<string, string>): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(name => before[name] !== after[name]).sort();
