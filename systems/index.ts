import type { System } from "./declaration";
import { ultrathink } from "./ultrathink";

/** Every declared system, by the name that stack config uses. */
export const systems: Record<string, System> = { ultrathink };
