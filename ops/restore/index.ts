import { containerOf, plannedService, recoveryOf } from "../backups/face";
import { type KeptBackup, type Restored, answers, failOnExit, keptBackups, lastWords, plainly } from "../backups/program";
import { Sidecar } from "../backups/sidecar";
import type { OpenVault } from "../backups/open-vault";
import type { Context } from "../context";
import { remove } from "../docker";
import { CommandFailure } from "../exit";
import { runOneOff } from "../one-off";
import type { StackPlan } from "../project";
import type { Steps } from "../steps";
import { restoreBeside } from "./beside";
import type { Choice } from "./choose";
import { vaultOneOff, volumeOneOff } from "./one-offs";
import { readyScript, takeOverScript } from "./swap";
import { BESIDE, type Target } from "./targets";
import { endLeft, ensureVolume, stopUsers } from "./volume";

type Docked = Pick<Context, "docker" | "stack" | "signal" | "logger">;

/** What was restored, and from what. */
export interface Done {
  choice: Choice;
  restored: Restored;
}

/** Everything that the vault holds, as the identity that may only read sees it. */
export async function vaultBackups(context: Docked, plan: StackPlan, vault: OpenVault): Promise<KeptBackup[]> {
  const said: string[] = [];
  const { code, lines } = await runOneOff(
    context.docker,
    context.stack,
    vaultOneOff(plan, vault, "list", ["list"]),
    line => said.push(line),
    context.signal,
  );
  failOnExit("the list of backups", code, lastWords(said));
  return answers("backup list", keptBackups, lines);
}

/**
 * Restores every choice beside the live data, all at once, and only when each is verified lets them take over. What runs on the data is stopped
 * for the take-over alone; `up` starts it again.
 *
 * @throws CommandFailure when one could not be restored; then nothing has taken over
 */
export async function restoreAndTakeOver(context: Docked, plan: StackPlan, vault: OpenVault, choices: Choice[], steps: Steps): Promise<Done[]> {
  const done = await allOrNone(
    choices.map(choice => steps.run(`Restoring ${choice.target.service} beside`, () => beside(context, plan, vault, choice, steps))),
  );
  for (const { target } of choices) await steps.run(`Putting the restored data of ${target.service} in place`, () => takeOver(context, plan, target));
  return done.map((restored, index) => ({ choice: choices[index]!, restored }));
}

async function beside(context: Docked, plan: StackPlan, vault: OpenVault, choice: Choice, steps: Steps): Promise<Restored> {
  const { docker, stack } = context;
  const { target, to, id } = choice;
  await endLeft(docker, stack, target.volume.name);
  const made = await ensureVolume(docker, target.volume, plannedService(plan, target.service).image, stack);
  try {
    await onVolume(context, plan, target, "ready", readyScript(target));
    const restored = await restoreBeside(context, {
      plan,
      vault,
      target,
      volume: target.volume.name,
      folder: `${target.folder}/${BESIDE}`,
      to,
      id,
      note: plainly(text => steps.say(`${target.service}: ${text}`)),
    });
    for (const { id: worse, file, why } of restored.fellBack)
      steps.say(`${target.service}: backup ${worse} cannot be used (${file} ${why}); ${restored.id} is the one before`);
    return restored;
  } catch (error) {
    await clear(context, plan, target, made).catch((second: Error) =>
      steps.say(`${target.service}: what was begun could not be cleared: ${second.message}`),
    );
    throw error;
  }
}

/** Leaves the volume as it was found. */
async function clear({ docker, stack, logger }: Docked, plan: StackPlan, target: Target, made: boolean): Promise<void> {
  if (made) return remove(docker.getVolume(target.volume.name));
  // Also when the command was cancelled: clearing up is the last thing that it does.
  await onVolume({ docker, stack, logger, signal: new AbortController().signal }, plan, target, "ready", readyScript(target));
}

async function takeOver(context: Docked, plan: StackPlan, target: Target): Promise<string> {
  const stopped = await stopUsers(context.docker, target.volume.name);
  await onVolume(context, plan, target, "take-over", takeOverScript(target));
  // Passwords, schema and buckets are brought to the declaration by jobs; without its container, `up` runs a job again.
  const jobs = plan.services.filter(({ job, needs }) => job && needs.includes(target.service));
  for (const { container } of jobs) await remove(context.docker.getContainer(container));
  return stopped.length > 0 ? `stopped ${stopped.join(", ")}` : "nothing ran on it";
}

async function onVolume(context: Docked, plan: StackPlan, target: Target, name: string, script: string): Promise<void> {
  const said: string[] = [];
  const { code } = await runOneOff(context.docker, context.stack, volumeOneOff(plan, target, name, script), line => said.push(line), context.signal);
  if (code !== 0) throw new CommandFailure("failed", `${target.volume.name}: ${name} ended with ${code}: ${lastWords(said)}`);
}

/** Waits for all, so that none goes on unseen, and then fails as the first that failed did. */
async function allOrNone<T>(running: Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(running);
  const failed = settled.find(result => result.status === "rejected");
  if (failed) throw failed.reason as Error;
  return settled.flatMap(result => (result.status === "fulfilled" ? [result.value] : []));
}

/** Restores one choice into a new place beside the live one, which stays as it is. Returns what was made. */
export async function restoreInto(context: Docked, plan: StackPlan, vault: OpenVault, choice: Choice, name: string, steps: Steps): Promise<string> {
  const { target } = choice;
  return steps.run(`Restoring ${target.service} into ${name}`, async () => {
    if (target.kind === "redis") return intoVolume(context, plan, vault, choice, name, steps);
    const sidecar = new Sidecar(context, plan);
    await sidecar.require();
    if (target.kind === "database") {
      await sidecar.restoreDump(name, choice.id);
      return `database ${name} of ${containerOf(plan, target.service)}`;
    }
    await sidecar.restoreArtifacts(recoveryOf(plan).backups.objectStore!, name, choice.id);
    return `bucket ${name} of ${containerOf(plan, target.service)}`;
  });
}

async function intoVolume(context: Docked, plan: StackPlan, vault: OpenVault, choice: Choice, name: string, steps: Steps): Promise<string> {
  const { target, id } = choice;
  const volume = { ...target.volume, name };
  if (!(await ensureVolume(context.docker, volume, plannedService(plan, target.service).image, context.stack))) {
    throw new CommandFailure(
      "usage",
      `--into: there is a volume ${name} already; choose another name, or remove it with \`docker volume rm ${name}\``,
    );
  }
  try {
    await restoreBeside(context, {
      plan,
      vault,
      target,
      volume: name,
      folder: target.folder,
      id,
      note: plainly(text => steps.say(`${target.service}: ${text}`)),
    });
  } catch (error) {
    await remove(context.docker.getVolume(name));
    throw error;
  }
  return `volume ${name}`;
}
