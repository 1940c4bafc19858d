import { dirname } from "node:path";
import { type Context, type Session, declaredPlan, imagesOf, requireDockerBackend, stopIfCancelled, withEngine } from "../context";
import { requireDocker, stackNetworks, stackVolumes } from "../docker";
import { checkMachine } from "../doctor";
import { CommandFailure } from "../exit";
import { duration } from "../progress";
import type { ComposeProject } from "../project";
import { writeBaseline } from "../record";
import { onEmptyStack, stackExists } from "../stack";
import { bringUpVault } from "../vault";
import { readStack, workFolder } from "../workspace";
import { withComposeFiles } from "./compose-files";
import { type Figure, timed } from "./measurement";
import { run } from "./run";

/**
 * Measures `up` from nothing to healthy, as a person runs it, against `docker compose up --wait` on the same containers. Ours comes first and
 * last, so that neither side alone has the warmer machine; images are made or pulled before.
 *
 * @param whileUp gets the figure, while the stack of the last round is up; nothing of it is left afterwards
 * @throws CommandFailure when the stack is not disposable or something of it is there, before anything is made
 */
export async function fromNothing(context: Context, whileUp: (figure: Figure) => Promise<void>): Promise<void> {
  const { stack, logger, toolchain, engineSignal } = context;
  const plan = await declaredPlan(context);
  requireDockerBackend(plan, "bench --from-nothing");
  if (!plan.disposable) {
    throw new CommandFailure(
      "usage",
      `bench --from-nothing: ${stack} is not disposable, and nothing of it would be left. If that is meant, set disposable: true in Pulumi.${stack}.yaml.`,
    );
  }
  await requireDocker(context.docker);
  await requireNothing(context);
  await checkMachine(context, plan);
  const compose = await toolchain.compose(logger.note);

  // Impact: from here on things are made and removed.
  const project = await withEngine(context, imagesOf(plan), session => render(context, session));
  await withComposeFiles(dirname(workFolder(stack, context.root).path), project, async file => {
    // A project name of its own: removing it never touches the stack's network.
    const composed = [...compose, "--progress", "plain", "--project-name", `bench-${stack}`, "--file", file];
    // Without the signal: cleaning up is the last thing that a cancelled run does.
    const clear = () => run([...composed, "down", "--volumes"], logger.note);
    await run([...composed, "pull", "--policy", "missing"], logger.note, engineSignal);
    // What a killed run left.
    await clear();
    let first = 0;
    await round(context, milliseconds => {
      first = milliseconds;
      return Promise.resolve();
    });
    stopIfCancelled(context);
    let theirs: number;
    try {
      logger.note("Measuring: docker compose up --wait from nothing");
      theirs = await timed(() => run([...composed, "up", "--wait", "--pull", "never"], logger.note, engineSignal));
    } finally {
      await clear();
    }
    stopIfCancelled(context);
    writeBaseline(workFolder(stack, context.root).path, { composeSeconds: theirs / 1000 });
    await round(context, second => whileUp(compare(first, second, theirs)));
  });
}

/** Brings the stack up, hands over the milliseconds that it took, and removes it with its data whatever happens. */
async function round(context: Context, use: (milliseconds: number) => Promise<void>): Promise<void> {
  const { stack, self, logger, engineSignal } = context;
  logger.note("Measuring: up from nothing");
  try {
    await use(await timed(() => run([...self, "up", "--stack", stack], logger.note, engineSignal)));
  } finally {
    if (hasState(context)) await run([...self, "purge", "--yes", "--stack", stack], logger.note);
  }
}

function compare(first: number, second: number, theirs: number): Figure {
  const [ours, again, composed] = [first, second, theirs].map(milliseconds => duration(milliseconds / 1000));
  return { ours: `${ours} and ${again}`, against: `${composed} for docker compose up --wait`, ratio: (first + second) / 2 / theirs, aim: 1 };
}

const hasState = ({ stack, root }: Context) => stackExists({ ...workFolder(stack, root), ...readStack(stack, {}, root) }, stack);

/** What is there would be measured along, and its data lost. */
async function requireNothing(context: Context): Promise<void> {
  const { docker, stack } = context;
  const found = [...(await stackNetworks(docker, stack)).map(({ name }) => name), ...(await stackVolumes(docker, stack))];
  if (hasState(context)) found.unshift("its state");
  if (found.length === 0) return;
  throw new CommandFailure(
    "usage",
    `bench --from-nothing: of ${stack} there is already ${found.join(", ")}. ` +
      `\`bin/ops purge --stack ${stack}\` deletes it with its data; then measure. Without --from-nothing, bench measures the stack that is up.`,
  );
}

/** The same containers as a Compose project, with passwords and certificates of its own, and the stack's vault. */
async function render(context: Context, { project, prepared, plan, prepareFolder }: Session): Promise<ComposeProject> {
  if (plan.backups) await bringUpVault(context, prepared);
  const folder = prepareFolder();
  return onEmptyStack(context.stack, folder, project.composeProgram(context.toolchain.localName), prepared, async ({ stack }) => {
    const { outputs } = await stack.up({ signal: context.engineSignal });
    return outputs.compose!.value as ComposeProject;
  });
}
