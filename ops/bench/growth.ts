import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Context, type Session, stopIfCancelled } from "../context";
import { bytes, table } from "../report";
import { prepareWorkFolder } from "../workspace";
import type { Cost, GrownPreview } from "./grown-preview";
import { type Figure, seconds } from "./measurement";
import { run } from "./run";

/** The stack that grows: a cluster is where there is room. */
const STACK = "prod";

/** Services more than are declared. What the last adds is held against what the one before it adds. */
const SIZES = [0, 10, 100, 1000];

/** A preview's cost by the number of services more. */
export type Growth = { extra: number; cost: Cost }[];

/** Previews the stack from an empty state with more and more services, each in a process of its own; undefined for a checkout without that stack. */
export async function measureGrowth(context: Context, { prepared }: Session): Promise<Growth | undefined> {
  const { root, logger } = context;
  if (!existsSync(join(root, `Pulumi.${STACK}.yaml`))) return undefined;
  const folder = prepareWorkFolder(STACK, {}, root);
  const command = prepared.pulumiCommand?.command ?? "pulumi";
  const pulumiRoot = command.includes("/") ? dirname(dirname(command)) : undefined;
  const growth: Growth = [];
  for (const extra of SIZES) {
    logger.note(`Measuring: a preview of ${STACK} with ${extra} more services`);
    growth.push({ extra, cost: await previewCost(context, { stack: STACK, folder, extra, env: prepared.env, pulumiRoot }) });
  }
  return growth;
}

async function previewCost(context: Context, request: GrownPreview): Promise<Cost> {
  let answer = "";
  // Its answer is a line of JSON; what else it says is for a person. Loaded as this program was.
  const hear = (line: string) => (line.startsWith("{") ? (answer = line) : context.logger.note(line));
  try {
    await run([process.execPath, ...process.execArgv, join(__dirname, "grown-preview.ts"), JSON.stringify(request)], hear, context.engineSignal);
  } catch (error) {
    stopIfCancelled(context);
    throw error;
  }
  return JSON.parse(answer) as Cost;
}

/** What the most services add against what fewer would add as many times: linear growth is 1, less is better. */
export function growthFigures(growth: Growth): [name: string, figure: Figure][] {
  const [none, fewer, most] = [growth[0]!, growth.at(-2)!, growth.at(-1)!];
  const times = most.extra / fewer.extra;
  const figure = (of: keyof Cost, say: (amount: number) => string): Figure => {
    const added = most.cost[of] - none.cost[of];
    const addedByFewer = fewer.cost[of] - none.cost[of];
    return {
      ours: `${say(added)} for ${most.extra} services`,
      against: `${times} × ${say(addedByFewer)} for ${fewer.extra}`,
      ratio: added / (times * addedByFewer),
      aim: LINEAR,
    };
  };
  return [
    [`${STACK} preview: time that services add`, figure("milliseconds", seconds)],
    ["memory that they add to the program", figure("program", bytes)],
    ["memory that they add to the engine", figure("engine", bytes)],
  ];
}

/** Linear, and what two runs of the same differ by. */
const LINEAR = 1.1;

export const growthTable = (growth: Growth): string =>
  table(
    ["MORE SERVICES", "RESOURCES", "PREVIEW", "PROGRAM'S PEAK", "ENGINE'S PEAK"],
    growth.map(({ extra, cost }) => [String(extra), String(cost.resources), seconds(cost.milliseconds), bytes(cost.program), bytes(cost.engine)]),
  );
