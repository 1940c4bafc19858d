import type { Command as Commander } from "commander";
import type { Context } from "../context";

/** One command: what help shows, how arguments are checked, what it does. It throws to fail; only `main` exits. */
export interface CommandSpec<Options> {
  summary: string;
  /** Worked examples: what is typed, and what it is for. */
  examples: [typed: string, purpose: string][];
  /** Declares arguments and options. */
  declare?(command: Commander): void;
  /** @throws CommandFailure `usage` that names the option, its value, what is allowed */
  validate(args: string[], raw: Record<string, unknown>): Options;
  run(context: Context, options: Options): Promise<void>;
}

/** A command whose option type only it knows. */
export interface AnyCommand {
  summary: string;
  examples: [string, string][];
  declare(command: Commander): void;
  /** Checks first, and returns what to run. */
  bind(args: string[], raw: Record<string, unknown>): (context: Context) => Promise<void>;
}

export function defineCommand<Options>(spec: CommandSpec<Options>): AnyCommand {
  return {
    summary: spec.summary,
    examples: spec.examples,
    declare: command => spec.declare?.(command),
    bind(args, raw) {
      const options = spec.validate(args, raw);
      return context => spec.run(context, options);
    },
  };
}

/** For commands without arguments and options of their own. */
export const noOptions = (): Record<string, never> => ({});
