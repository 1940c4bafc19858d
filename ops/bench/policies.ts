import { join } from "node:path";
import { policies } from "../commands/preview";
import { NOTHING_UP } from "../context";
import { CommandFailure } from "../exit";
import { type Figure, type Measurement, inTurn, seconds } from "./measurement";

/**
 * A no-change preview of the running stack that the policy pack judges against the same without it, in turn: each as a whole command, from its
 * start. A pack without rules tells how much of it any pack would take, since the engine starts each before the program.
 */
export const previewWithPolicies: Measurement = {
  name: "policies on a no-change preview",
  async measure(context, session) {
    if (!session.exists) throw new CommandFailure("usage", NOTHING_UP);
    const { stack } = await session.open("select");
    const [judged, started, plain] = await inTurn(
      () => stack.preview({ ...policies(context.root, session.plan), signal: context.engineSignal }),
      () => stack.preview({ policyPacks: [EMPTY_PACK], signal: context.engineSignal }),
      () => stack.preview({ signal: context.engineSignal }),
    );
    return comparePolicies(session.startUp, { judged, started, plain });
  },
};

const EMPTY_PACK = join(__dirname, "empty-pack");

/**
 * All in milliseconds.
 *
 * @param startUp of the command before the engine
 * @param previews with the pack, with one that has no rules, and with none
 */
export function comparePolicies(startUp: number, { judged, started, plain }: Record<"judged" | "started" | "plain", number>): Figure {
  return {
    ours: `${seconds(startUp + judged)}: the rules take ${seconds(judged - started)}, starting any pack ${seconds(started - plain)}`,
    against: `${seconds(startUp + plain)} without a pack`,
    ratio: (startUp + judged) / (startUp + plain),
    aim: 1.1,
  };
}
