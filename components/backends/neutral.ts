import type { Backend } from "./backend";

/** Makes no service: what is left of a preview is the part of a system that no backend decides, its secrets and certificates. */
export const neutralBackend: Backend = {
  service: () => undefined,
  job: () => undefined,
};
