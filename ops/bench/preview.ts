import { NOTHING_UP } from "../context";
import { CommandFailure } from "../exit";
import { onEmptyStack } from "../stack";
import { type Measurement, median, timed } from "./measurement";

/** Previews of each kind; the first of each warms caches and is not counted. */
const ROUNDS = 5;

/** A no-change preview of the running stack against that of a program without resources, in turn. */
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
        const ours: number[] = [];
        const theirs: number[] = [];
        for (let round = 0; round <= ROUNDS; round++) {
          const own = await timed(() => stack.preview({ signal: context.engineSignal }));
          const other = await timed(() => empty.stack.preview({ signal: context.engineSignal }));
          if (round > 0) {
            ours.push(own);
            theirs.push(other);
          }
        }
        return {
          ours: seconds(median(ours)),
          against: `${seconds(median(theirs))} for an empty program`,
          ratio: median(ours) / median(theirs),
          aim: 1.5,
        };
      },
    );
  },
};

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;
