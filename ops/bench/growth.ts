import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Context, Session } from "../context";
import { CommandFailure } from "../exit";
import { bytes, table } from "../report";
import { prepareWorkFolder } from "../workspace";
import type { Cost, GrownPreview } from "./grown-preview";
import { type Figure, seconds } from "./measurement";

/** The stack that grows: a cluster is where there is room. */
const STACK = "prod";

/** Services more than are declared. What the last adds is held against what the one before it adds. */
export const SIZES = [0, 10, 100, 1000];

/** A preview's cost by the number of services more. */
export type Growth = { extra: number; cost: Cost }[];

/** Previews the stack from an empty state with more and more services, each in a process of its own; undefined for a checkout without that stack. */
export async function measureGrowth({ root, logger, engineSignal }: Context, { prepared }: Session, sizes = SIZES): Promise<Growth | undefined> {
  if (!existsSync(join(root, `Pulumi.${STACK}.yaml`))) return undefined;
  const folder = prepareWorkFolder(STACK, {}, root);
  const command = prepared.pulumiCommand?.command ?? "pulumi";
  const pulumiRoot = command.includes("/") ? dirname(dirname(command)) : undefined;
  const growth: Growth = [];
  for (const extra of sizes) {
    logger.note(`Measuring: a preview of ${STACK} with ${extra} more services`);
    growth.push({ extra, cost: await previewCost({ stack: STACK, folder, extra, env: prepared.env, pulumiRoot }, engineSignal) });
  }
  return growth;
}

/** As bin/ops loads its own program. */
const LOADED = ["--require", "@pulumi/docker", "--require", "@pulumi/pulumi/automation", "--import", "tsx"];

async function previewCost(request: GrownPreview, signal: AbortSignal): Promise<Cost> {
  const script = join(__dirname, "grown-preview.ts");
  const child = spawn(process.execPath, [...LOADED, script, JSON.stringify(request)], {
    stdio: ["ignore", "pipe", "inherit"],
    signal,
  });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new CommandFailure("failed", `the preview with ${request.extra} more services ended with ${code}; what it said is above`);
  return JSON.parse(said) as Cost;
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
