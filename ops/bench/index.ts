import { upAgainstCriticalPath } from "./critical-path";
import type { Measurement } from "./measurement";
import { previewWithPolicies } from "./policies";
import { previewAgainstEmpty } from "./preview";
import { rebuildAgainstBare } from "./rebuild";

/** What `bench` runs, in this order. */
export const measurements: Measurement[] = [previewAgainstEmpty, previewWithPolicies, upAgainstCriticalPath, rebuildAgainstBare];
