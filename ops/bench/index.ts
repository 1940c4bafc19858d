import { upAgainstCriticalPath } from "./critical-path";
import type { Measurement } from "./measurement";
import { previewAgainstEmpty } from "./preview";
import { rebuildAgainstBare } from "./rebuild";

/** What `bench` runs, in this order. */
export const measurements: Measurement[] = [previewAgainstEmpty, upAgainstCriticalPath, rebuildAgainstBare];
