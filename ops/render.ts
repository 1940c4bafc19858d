import type { ListrTaskWrapper } from "listr2";
import { Listr } from "listr2";
import type { Logger } from "./logger";
import { type Progress, clock, duration } from "./progress";

/** Shows an operation's progress until `finish`. */
export interface Renderer {
  /** A service became ready. */
  ready(service: string): void;
  /** A step that is not a service, such as waiting for the last health checks. */
  phase(text: string): void;
  finish(succeeded: boolean): Promise<void>;
}

export interface RenderSource {
  progress: Progress;
  elapsed: () => number;
  /** Seconds of the last run. */
  lastRun?: number;
}

export function createRenderer(title: string, source: RenderSource, logger: Logger, tty: boolean): Renderer {
  return tty ? taskRenderer(title, source, logger) : lineRenderer(title, source, logger);
}

/** A line per service that became ready, and the clock when nothing was said for a while. */
function lineRenderer(title: string, { progress, elapsed, lastRun }: RenderSource, logger: Logger): Renderer {
  let spoke = elapsed();
  let last: string | undefined;
  const say = (text: string) => {
    spoke = elapsed();
    logger.note(text);
  };
  say(`${title}${lastRun === undefined ? "" : ` (the last run took ${duration(lastRun)})`}`);
  const timer = setInterval(() => {
    if (elapsed() - spoke >= QUIET_SECONDS) say(clock(progress, elapsed(), lastRun));
  }, 1000);
  return {
    ready(service) {
      const took = progress.ready.get(service) ?? 0;
      // What needed nothing is counted, not listed: a second `up` would repeat the whole stack.
      if (took > 0) say(`[${duration(elapsed())}] ${progress.ready.size}/${progress.total} ${service} is up after ${duration(took)}`);
    },
    phase(text) {
      if (text !== last) say(`[${duration(elapsed())}] ${text}`);
      last = text;
    },
    finish: () => {
      clearInterval(timer);
      return Promise.resolve();
    },
  };
}

/** Seconds without news after which the clock is printed. */
const QUIET_SECONDS = 10;

/** One task whose output is the clock; finished services stay above it. */
function taskRenderer(title: string, { progress, elapsed, lastRun }: RenderSource, logger: Logger): Renderer {
  let end: (failure?: Error) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    end = failure => (failure ? reject(failure) : resolve());
  });
  let phase: string | undefined;
  let wrapper: ListrTaskWrapper<object, never, never> | undefined;
  const draw = () => {
    if (wrapper) wrapper.output = logger.mask(phase ? `[${duration(elapsed())}] ${phase}` : clock(progress, elapsed(), lastRun));
  };
  const timer = setInterval(draw, 250);
  const list = new Listr(
    [
      {
        title,
        task: (_, task) => {
          wrapper = task as unknown as ListrTaskWrapper<object, never, never>;
          return ended;
        },
        rendererOptions: { persistentOutput: true },
      },
    ],
    // Its own signal handler would end the process before the engine has finished what it began.
    { exitOnError: false, registerSignalListeners: false },
  );
  const running = list.run();
  return {
    ready: draw,
    phase(text) {
      phase = text;
      draw();
    },
    async finish(succeeded) {
      clearInterval(timer);
      draw();
      end(succeeded ? undefined : new Error(clock(progress, elapsed(), undefined)));
      await running;
    },
  };
}
