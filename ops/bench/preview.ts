import { NOTHING_UP } from "../context";
import { CommandFailure } from "../exit";
import { onEmptyStack } from "../stack";
import { type Figure, type Measurement, inTurn, seconds } from "./measurement";

/**
 * A no-change preview of the running stack against that of a program without resources, in turn: each as a whole command, from its start. What comes
 * before the engine is the same for both and counts as this command took for it; the policies are left out, since an empty program has none.
 */
export const previewAgainstEmpty: Measurement = {
  name: "no-change preview",
  async measure(context, session) {
    if (!session.exists) throw new CommandFailure("usage", NOTHING_UP);
    const { stack } = await session.open("select");
    return onEmptyStack(
      context.stack,
      session.folder,
      () => Promise.resolve({}),
      session.prepared,
      async empty => {
        const [ours, theirs] = await inTurn(
          () => stack.preview({ signal: context.engineSignal }),
          () => empty.stack.preview({ signal: context.engineSignal }),
        );
        return compare(session.startUp, ours, theirs);
      },
    );
  },
};

/** @param startUp, own, other milliseconds: of the command before the engine, of the stack's preview, of the empty one */
export function compare(startUp: number, own: number, other: number): Figure {
  return {
    ours: `${seconds(startUp + own)}, the engine's part ${seconds(own)}`,
    against: `${seconds(startUp + other)} for an empty program, the engine's part ${seconds(other)}`,
    ratio: (startUp + own) / (startUp + other),
    aim: 1.5,
  };
}
