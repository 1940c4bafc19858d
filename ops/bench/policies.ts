import { policies } from "../commands/preview";
import { NOTHING_UP } from "../context";
import { CommandFailure } from "../exit";
import { type Figure, type Measurement, inTurn, seconds } from "./measurement";

/** A no-change preview of the running stack that the policy pack judges against the same without it, in turn: each as a whole command, from its start. */
export const previewWithPolicies: Measurement = {
  name: "policies on a no-change preview",
  async measure(context, session) {
    if (!session.exists) throw new CommandFailure("usage", NOTHING_UP);
    const { stack } = await session.open("select");
    const [judged, plain] = await inTurn(
      () => stack.preview({ ...policies(context.root, session.plan), signal: context.engineSignal }),
      () => stack.preview({ signal: context.engineSignal }),
    );
    return comparePolicies(session.startUp, judged, plain);
  },
};

/** @param startUp, judged, plain milliseconds: of the command before the engine, of the preview with the pack, of that without */
export function comparePolicies(startUp: number, judged: number, plain: number): Figure {
  return {
    ours: `${seconds(startUp + judged)}, the pack's part ${seconds(judged - plain)}`,
    against: `${seconds(startUp + plain)} without the pack`,
    ratio: (startUp + judged) / (startUp + plain),
    aim: 1.1,
  };
}
