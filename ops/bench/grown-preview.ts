import { readFileSync } from "node:fs";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import type { Project } from "../project";
import { onEmptyStack } from "../stack";
import type { Prepared } from "../toolchain";
import type { PreparedWorkFolder } from "../workspace";
import { timed } from "./measurement";

/** What a process is told that previews a stack with more services than are declared. */
export interface GrownPreview {
  stack: string;
  folder: PreparedWorkFolder;
  /** Services more than are declared. */
  extra: number;
  env: Prepared["env"];
  /** Folder with `bin/pulumi`. @default - the `pulumi` on PATH */
  pulumiRoot?: string;
}

/** What a preview takes. */
export interface Cost {
  resources: number;
  milliseconds: number;
  /** Peaks of resident memory in bytes: of the process that the program runs in, and of the engine's. Plugins are counted nowhere. */
  program: number;
  engine: number;
}

/** How often the engine's peak is read while it runs: it grows until the preview ends. */
const READ_EVERY_MS = 50;

/** Peak of a process's resident memory in bytes; 0 when it has ended. Unlike getrusage(2) it knows nothing of what forked it. */
function peak(pid: number | "self"): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

const children = () => readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);

/** Previews from an empty state, in a process that does nothing else: only then is its peak the preview's own. */
async function preview({ stack: name, folder, extra, env, pulumiRoot }: GrownPreview): Promise<Cost> {
  const project = (await import("../../index")) as unknown as Project;
  const prepared = { env, pulumiCommand: pulumiRoot ? await PulumiCommand.get({ root: pulumiRoot }) : undefined, leaveOut: {} };
  return onEmptyStack(name, folder, project.grownProgram(extra), prepared, async ({ stack }) => {
    let engine = 0;
    let resources = 0;
    const reading = setInterval(() => (engine = Math.max(engine, ...children().map(peak))), READ_EVERY_MS);
    const milliseconds = await timed(async () => (resources = (await stack.preview()).changeSummary.create ?? 0));
    clearInterval(reading);
    return { resources, milliseconds, program: peak("self"), engine };
  });
}

void preview(JSON.parse(process.argv[2]!) as GrownPreview).then(cost => process.stdout.write(`${JSON.stringify(cost)}\n`));
