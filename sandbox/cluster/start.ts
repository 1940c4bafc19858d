import { join } from "node:path";
import { startChild } from "../child";
import type { Forwards } from "./control-plane";
import { buildPrograms } from "./programs";

/** A Kubernetes cluster of this machine's own, thrown away when it stops. */
export interface RunningCluster {
  /** Path of its kubeconfig, mode 0600; its context is `sandbox`. */
  kubeconfig: string;
  /** Ends everything. It also ends by itself when this process does, however that ends. */
  stop(): Promise<void>;
}

/**
 * Starts the real control plane of Kubernetes with simulated nodes: no container runs, and everything that the API server, its admission, the
 * controllers and the scheduler decide is decided by them.
 *
 * @param log receives progress; the first start compiles the programs
 * @param forwards where `kubectl port-forward` to a port of any pod leads on this machine; to no other port is there a way
 * @throws when a part does not start; the log has its last words
 */
export async function startCluster(log: (line: string) => void, forwards: Forwards = {}): Promise<RunningCluster> {
  const programs = await buildPrograms(log);
  const child = await startChild(
    join(__dirname, "serve.ts"),
    ["@kubernetes/client-node"],
    log,
    [programs, forwards].map(argument => JSON.stringify(argument)),
  );
  if (!child) throw new Error("the sandbox's cluster ended before it served; its output is above");
  return { kubeconfig: child.said, stop: () => child.stop() };
}
