import type Docker from "dockerode";
import { CommandFailure } from "./exit";
import type { ThisHost } from "./locks";
import type { Logger } from "./logger";
import type { Project, StackPlan, VaultProject } from "./project";
import { readRecord } from "./record";
import { type OpenStack, hasState, onEmptyStack, openStack } from "./stack";
import type { Prepared, Toolchain } from "./toolchain";
import { type PreparedWorkFolder, prepareWorkFolder, readStack, workFolder } from "./workspace";

/** What every command gets. */
export interface Context {
  stack: string;
  /** The folder with Pulumi.yaml. */
  root: string;
  toolchain: Toolchain;
  logger: Logger;
  /** Aborted by the first SIGINT: nothing new is begun. */
  signal: AbortSignal;
  /** Aborted when the engine has to be told; handed to every engine operation. */
  engineSignal: AbortSignal;
  /** Whether a person is looking: live progress and questions instead of lines and refusals. */
  tty: boolean;
  docker: Docker;
  host: ThisHost;
  /** Milliseconds that the process took until it began with the command: its libraries, above all. */
  loaded: number;
  /** The command line that runs this program, without the command: for what is measured as a person runs it. */
  self: readonly string[];
  project(): Promise<Project>;
  /** The project of the vault, where the checkout has one. */
  vault(): Promise<VaultProject>;
}

/** The stack's plan from its committed config alone; makes nothing. */
export async function declaredPlan(context: Context): Promise<StackPlan> {
  return plan(context, await context.project(), readStack(context.stack, {}, context.root).settings);
}

/** The images that this machine runs for a plan, by service: none where a cluster does it. */
export const imagesOf = ({ backend, services }: StackPlan): Record<string, string> =>
  Object.fromEntries(services.filter(({ leftOut }) => backend === "docker" && !leftOut).map(({ name, image }) => [name, image]));

/** The stack's plan with what the last `up` had to leave out; makes nothing. */
export async function lastPlan(context: Context): Promise<StackPlan> {
  const { leaveOut } = readRecord(workFolder(context.stack, context.root).path);
  return plan(context, await context.project(), readStack(context.stack, leaveOut, context.root).settings);
}

/** The stack's plan from given config, with its images by the names that this machine has them by. */
export function plan({ stack, toolchain }: Context, project: Project, settings: Record<string, unknown>): StackPlan {
  try {
    const { services, ...rest } = project.plan(settings, stack);
    return { ...rest, services: services.map(service => ({ ...service, image: toolchain.localName(service.image) })) };
  } catch (error) {
    throw new CommandFailure("usage", (error as Error).message);
  }
}

/** A command that works on containers is for stacks on Docker. */
export function requireDockerBackend(planned: StackPlan, command: string): void {
  if (planned.backend !== "docker") {
    throw new CommandFailure(
      "usage",
      `${command}: the stack's backend is ${planned.backend}; this command is for stacks on Docker. Use kubectl with the stack's context.`,
    );
  }
}

export interface Session {
  project: Project;
  plan: StackPlan;
  folder: PreparedWorkFolder;
  /** Brings the work folder up to date: the vault may have come up since. */
  prepareFolder(): PreparedWorkFolder;
  prepared: Prepared;
  /** The existing stack, or with `create` a new one. */
  open(mode: "create" | "select"): Promise<OpenStack>;
  /** The stack in a throw-away backend. */
  onEmpty<T>(use: (open: OpenStack) => Promise<T>): Promise<T>;
  exists: boolean;
  /** Milliseconds that a process of its own would have taken from its start, libraries included, until the engine can be called. */
  startUp: number;
}

/**
 * Makes the toolchain ready, fills the work folder and runs `use`; ends the toolchain whatever happens.
 * @param state `ignored`: what has no use for the stack's own state is not to need the credentials that reach it; `exists` is then false
 */
export async function withEngine<T>(
  context: Context,
  images: Record<string, string>,
  use: (session: Session) => Promise<T>,
  state: "asked" | "ignored" = "asked",
): Promise<T> {
  const { stack, root, toolchain, logger, loaded } = context;
  const began = performance.now();
  const project = await context.project();
  const path = workFolder(stack, root).path;
  // Checks the config before minutes go into a toolchain.
  plan(context, project, readStack(stack, {}, root).settings);
  try {
    const prepared = await toolchain.prepare({ images, log: logger.note });
    stopIfCancelled(context);
    // A toolchain that was asked for no image may not know what it cannot get: then the last `up` says it.
    const leaveOut = Object.keys(images).length > 0 ? prepared.leaveOut : { ...readRecord(path).leaveOut, ...prepared.leaveOut };
    const prepareFolder = () => prepareWorkFolder(stack, leaveOut, root);
    const folder = prepareFolder();
    return await use({
      project,
      plan: plan(context, project, folder.settings),
      folder,
      prepareFolder,
      prepared,
      open: mode => openStack(stack, prepareFolder(), project.program, prepared, mode),
      onEmpty: run => onEmptyStack(stack, prepareFolder(), project.program, prepared, run),
      exists: state === "asked" && (await hasState(stack, folder, project.program, prepared)),
      startUp: loaded + performance.now() - began,
    });
  } finally {
    await stopInTime(context);
  }
}

/** Seconds that a toolchain may take to end; what the command has to say must not wait for ever. */
const STOP_SECONDS = 15;

export async function stopInTime({ toolchain, logger }: Context): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>(resolve => {
    timer = setTimeout(() => {
      logger.note(`The ${toolchain.name} toolchain did not end within ${STOP_SECONDS} s; going on without it`);
      resolve();
    }, STOP_SECONDS * 1000);
  });
  await Promise.race([toolchain.stop(), late]);
  clearTimeout(timer);
}

export function stopIfCancelled({ signal }: Context): void {
  if (signal.aborted) throw new CommandFailure("cancelled", "Cancelled. Running the command again goes on from here.");
}

export const NOTHING_UP = "The stack has never been up; `bin/ops up` brings it up.";
