import { once } from "node:events";
import { request } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import type { Props } from "../bridge/values";

/** A refusal of the API server: its own words, and its status. */
export class ApiError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** JSON over the API server of a kubeconfig's context. */
export class Connection {
  private constructor(
    private readonly config: KubeConfig,
    private readonly server: string,
  ) {}

  /**
   * @param context of the kubeconfig that `KUBECONFIG` names, or the user's own. @default - its current one
   * @throws where there is no such context
   */
  static async open(context: string | undefined): Promise<Connection> {
    // Loaded when there is a cluster to reach: previews need none.
    const { KubeConfig } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    config.loadFromDefault();
    if (context !== undefined) config.setCurrentContext(context);
    const cluster = config.getCurrentCluster();
    if (!cluster) {
      throw new Error(
        `the kubeconfig has no context "${context ?? config.getCurrentContext()}": set KUBECONFIG to the file of the cluster that is meant`,
      );
    }
    return new Connection(config, cluster.server);
  }

  /**
   * @param type of the body
   * @param warned receives what the server warns of
   * @throws ApiError when the server refuses
   */
  async send(method: string, path: string, body?: Props, type = "application/json", warned: (warning: string) => void = () => {}): Promise<Props> {
    const options = { method, headers: { accept: "application/json", "content-type": type } };
    await this.config.applyToHTTPSOptions(options);
    const call = request(this.server + path, options);
    call.end(body && JSON.stringify(body));
    const [response] = await once(call, "response");
    for (const warning of warningsIn(response.headers.warning)) warned(warning);
    let text = "";
    for await (const chunk of response.setEncoding("utf8")) text += chunk;
    const answer = JSON.parse(text) as Props;
    if (response.statusCode >= 300) throw new ApiError(response.statusCode, answer.message ?? text);
    return answer;
  }
}

/** Texts of a Warning header (RFC 7234, 5.5): `299 - "text"`, one after the other. */
export function warningsIn(header: string | undefined): string[] {
  return [...(header ?? "").matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text!.replace(/\\(.)/g, "$1"));
}
