/** The parts of an exported deployment that the operations read (sdk/go/common/apitype/core.go: `DeploymentV3`). */
export interface DeploymentState {
  resources?: { urn: string; type: string; id?: string; protect?: boolean; retainOnDelete?: boolean; delete?: boolean; inputs?: unknown }[];
  pending_operations?: { type: string; resource: { urn: string; inputs?: ObjectInputs } }[];
}

/** Inputs of a Kubernetes object, as far as they say which one it is. */
export interface ObjectInputs {
  apiVersion?: string;
  kind?: string;
  metadata?: { name: string; namespace?: string };
}

/** What carries the stack's label but is unknown to its state: left by an `up` that was killed between making and recording it. */
export function orphans<T extends { id: string }>(labelled: T[], state: DeploymentState): T[] {
  const known = new Set((state.resources ?? []).map(({ id }) => id));
  return labelled.filter(({ id }) => !known.has(id));
}

/** One-shot jobs that ended with another code than 0. */
export function failedJobs<T extends { job: boolean; state: string; exitCode: number }>(containers: T[]): T[] {
  return containers.filter(({ job, state, exitCode }) => job && state === "exited" && exitCode !== 0);
}

/** The state without operations that a killed `up` left pending, and the URNs of what they were about. */
export function withoutPending(state: DeploymentState): { state: DeploymentState; cleared: string[] } {
  const cleared = (state.pending_operations ?? []).map(({ resource }) => resource.urn);
  return { state: { ...state, pending_operations: [] }, cleared };
}

/** The state with nothing protected or retained, so that a destroy takes the data with it. */
export function unprotected(state: DeploymentState): DeploymentState {
  return { ...state, resources: (state.resources ?? []).map(resource => ({ ...resource, protect: false, retainOnDelete: false })) };
}
