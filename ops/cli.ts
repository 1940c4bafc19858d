import { setMaxListeners } from "node:events";
import { Command, CommanderError, Option } from "commander";
import { commands } from "./commands";
import type { Context } from "./context";
import { connect } from "./docker";
import { CommandFailure, type Outcome, exitCodeHelp, exitCodes, outcomeOf } from "./exit";
import { thisHost } from "./locks";
import { createLogger } from "./logger";
import type { Project } from "./project";
import type { Toolchain } from "./toolchain";
import { checkStackName, checkout } from "./workspace";

/** What a test puts in another's place. */
type Services = Partial<Pick<Context, "root" | "docker" | "project" | "vault" | "self" | "loaded" | "signal" | "engineSignal" | "tty" | "logger">>;

/**
 * Runs one command line and returns its exit code.
 * @param argv arguments after the program's name
 */
export async function execute(argv: string[], toolchain: Toolchain, services: Services = {}): Promise<number> {
  const logger = services.logger ?? createLogger({ out: text => void process.stdout.write(text), err: text => void process.stderr.write(text) });
  const base: Omit<Context, "stack"> = {
    root: checkout,
    toolchain,
    logger,
    signal: new AbortController().signal,
    engineSignal: new AbortController().signal,
    tty: process.stdin.isTTY && process.stderr.isTTY,
    docker: services.docker ?? connect(),
    host: thisHost,
    loaded: 0,
    self: [process.execPath, ...process.execArgv, ...process.argv.slice(1, 2)],
    project: () => import("../index") as unknown as Promise<Project>,
    vault: () => import("../vault"),
    ...services,
  };
  // Each engine operation adds a listener, and bench runs many.
  setMaxListeners(0, base.engineSignal);
  try {
    await parser(base).parseAsync(argv, { from: "user" });
    return exitCodes.ok.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok.code : exitCodes.usage.code;
    const outcome = base.signal.aborted ? "cancelled" : outcomeOf(error);
    logger.note(describe(error, outcome));
    return exitCodes[outcome].code;
  }
}

function parser(base: Omit<Context, "stack">): Command {
  const program = new Command("bin/ops")
    .description("Operate a stack: bring it up, look at it, take it down.")
    .exitOverride()
    .configureOutput({ writeOut: text => base.logger.result(text.trimEnd()), writeErr: text => base.logger.note(text.trimEnd()) })
    .addHelpText("after", `\n${exitCodeHelp()}`);
  const stackOption = () => new Option("-s, --stack <name>", "stack, by the name of its Pulumi.<name>.yaml").env("STACK").default("dev");
  for (const [name, spec] of Object.entries(commands)) {
    const command = program.command(name).description(spec.summary).addOption(stackOption());
    spec.declare(command);
    command.addHelpText(
      "after",
      `\nExamples:\n${spec.examples.map(([typed, purpose]) => `  ${typed}\n      ${purpose}`).join("\n")}\n\n${exitCodeHelp()}`,
    );
    command.action(async () => {
      const run = spec.bind(command.args, command.opts());
      const context: Context = { ...base, stack: checkStackName(command.opts<{ stack: string }>().stack) };
      await run(context);
    });
  }
  return program;
}

function describe(error: unknown, outcome: Outcome): string {
  if (error instanceof CommandFailure) return error.message;
  if (outcome === "locked")
    return "Another operation holds the stack. Wait for it, or release it with `bin/ops unlock` when you know that it is gone.";
  if (!(error instanceof Error)) return String(error);
  // The engine's message has its whole output; a fault of ours is found by its stack, which is mapped to the sources when it is first read.
  process.setSourceMapsEnabled(true);
  return error.name === "CommandError" ? error.message : (error.stack ?? error.message);
}

/** Runs the command line of this process and ends it with the documented exit code. The only place that exits. */
export async function main(argv: string[], toolchain: Toolchain, services: Services = {}): Promise<void> {
  const cancel = new AbortController();
  const engine = new AbortController();
  process.on("SIGINT", () => {
    if (cancel.signal.aborted) process.exit(exitCodes.cancelled.code);
    process.stderr.write("\nCancelling: what has begun is finished first. Press Ctrl-C again to stop at once.\n");
    cancel.abort();
    // A terminal sends Ctrl-C to the engine as well, and a second one would make it drop what it has begun.
    if (!process.stdin.isTTY) engine.abort();
  });
  process.on("SIGTERM", () => {
    cancel.abort();
    engine.abort();
  });
  // A process whose event loop runs empty ends by itself with code 0, whatever is still awaited: hold it, so that only the line below ends it.
  setInterval(() => undefined, 2 ** 30);
  process.exit(await execute(argv, toolchain, { loaded: performance.now(), signal: cancel.signal, engineSignal: engine.signal, ...services }));
}
