import type { AlertCase } from "../case";
import { availability } from "./availability";
import { backups } from "./backups";
import { cluster } from "./cluster";
import { data } from "./data";
import { kafka } from "./kafka";
import { observability } from "./observability";
import { resources } from "./resources";
import { workloads } from "./workloads";

/** Hand-written cases by rule file. */
export const cases: Record<string, AlertCase[]> = { availability, resources, data, kafka, workloads, backups, observability, cluster };
