import { containerOf, sidecarOf } from "../backups/face";
import { openVault } from "../backups/open-vault";
import { type Context, type Session, imagesOf, lastPlan, requireDockerBackend, withEngine } from "../context";
import { requireDocker } from "../docker";
import { CommandFailure } from "../exit";
import { holding } from "../locks";
import type { StackPlan } from "../project";
import { table } from "../report";
import { type Done, restoreAndTakeOver, restoreInto, vaultBackups } from "../restore";
import { type Choice, choose } from "../restore/choose";
import { keptPaths } from "../restore/swap";
import { chosenTargets } from "../restore/targets";
import { Steps } from "../steps";
import { workFolder } from "../workspace";
import { defineCommand } from "./command";
import { size } from "./status";
import { up } from "./up";

export interface RestoreOptions {
  to?: Date;
  only?: string;
  into?: string;
  id?: string;
}

export const restore = defineCommand<RestoreOptions>({
  summary: "Restore from the vault: beside the live data, verified, and only then in its place",
  examples: [
    ["bin/ops restore", "everything that is backed up, from the newest backups; also when nothing of the stack is left"],
    ["bin/ops restore --only timescaledb --to 2026-11-24T09:59:00Z", "the database as it was before a mistake"],
    ["bin/ops restore --only redis-queue --id 20261124T020000Z", "a certain backup and no other"],
    ["bin/ops restore --only timescaledb --into experiments_recovery", "a new database beside the live one, which stays as it is"],
  ],
  declare: command =>
    void command
      .option("--to <time>", "moment to go back to, such as 2026-11-24T09:59:00Z")
      .option("--only <service>", "one service instead of all that are backed up")
      .option("--into <name>", "with --only: a new database, bucket or volume beside the live one")
      .option("--id <backup>", "with --only: this backup, such as 20261124T020000Z"),
  validate: (_, raw) => validate(raw as Record<string, string | undefined>),
  run: (context, options) => run(context, options),
});

export function validate({ to, only, into, id }: Record<string, string | undefined>): RestoreOptions {
  for (const [option, value] of Object.entries({ into, id })) {
    if (value !== undefined && only === undefined)
      throw new CommandFailure("usage", `--${option}: "${value}" needs --only, the service that is meant, such as --only timescaledb`);
  }
  if (to !== undefined && id !== undefined)
    throw new CommandFailure("usage", "--to and --id exclude each other: a moment chooses its backup by itself");
  if (id !== undefined && !/^\d{8}T\d{6}Z$/.test(id))
    throw new CommandFailure(
      "usage",
      `--id: "${id}" is not allowed; use a backup's id, such as 20261124T020000Z; \`bin/ops restore\` lists what it would use`,
    );
  if (into !== undefined && !/^[a-z][a-z0-9_-]{2,62}$/.test(into))
    throw new CommandFailure(
      "usage",
      `--into: "${into}" is not allowed; use 3 to 63 lower-case letters, digits, dashes and underscores, beginning with a letter`,
    );
  return { ...(to === undefined ? {} : { to: moment(to) }), only, into, id };
}

/** A time without its zone would mean another moment on another machine. */
function moment(text: string): Date {
  const time = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text) ? new Date(text.replace(" ", "T")) : new Date(NaN);
  if (!Number.isNaN(time.getTime())) return time;
  throw new CommandFailure(
    "usage",
    `--to: "${text}" is not allowed; use a time with its zone, such as 2026-11-24T09:59:00Z or 2026-11-24T10:59:00+01:00`,
  );
}

async function run(context: Context, options: RestoreOptions): Promise<void> {
  const plan = await lastPlan(context);
  requireDockerBackend(plan, "restore");
  // Refused before minutes go into images.
  chosenTargets(plan, options.only);
  await requireDocker(context.docker);
  const steps = new Steps(context.logger.note);
  const folder = workFolder(context.stack, context.root).path;
  const done = await holding(folder, context.host, context.logger.note, () =>
    withEngine(context, restoreImages(plan, options.only), session => restored(context, session, plan, options, steps)),
  );
  if (!done) return;
  await steps.run("Bringing the stack up on the restored data", () => up.bind([], {})({ ...context, tty: false }));
  report(context, plan, done);
}

/** Images that a restore starts: the program's, and those of the services whose data it is. */
function restoreImages(plan: StackPlan, only: string | undefined): Record<string, string> {
  const wanted = new Set([...chosenTargets(plan, only).map(({ service }) => service), sidecarOf(plan).name]);
  return Object.fromEntries(Object.entries(imagesOf(plan)).filter(([service]) => wanted.has(service)));
}

/** Pre-flight, and then the restore; undefined when it went into a new place, which needs no `up`. */
async function restored(context: Context, session: Session, plan: StackPlan, options: RestoreOptions, steps: Steps): Promise<Done[] | undefined> {
  const vault = await openVault(context, session);
  const kept = await steps.run("Asking the vault what there is", () => vaultBackups(context, plan, vault));
  const choices = choose(chosenTargets(plan, options.only), kept, options, new Date());
  context.logger.note(choiceTable(choices));

  // Impact: from here on volumes are made and changed.
  if (options.into) {
    const made = await restoreInto(context, plan, vault, choices[0]!, options.into, steps);
    context.logger.result(`Restored into ${made}; the live data is as it was.`);
    return undefined;
  }
  return restoreAndTakeOver(context, plan, vault, choices, steps);
}

export function choiceTable(choices: Choice[]): string {
  return table(
    ["SERVICE", "WOULD BE RESTORED FROM", "FINISHED", "SIZE", "UP TO"],
    choices.map(({ target, backup, to }) => [
      target.service,
      `${backup.job} ${backup.id}`,
      backup.finished,
      size(backup.bytes),
      to?.toISOString() ?? (target.kind === "database" ? "the last archived write" : "the backup"),
    ]),
  );
}

function report({ logger }: Context, plan: StackPlan, done: Done[]): void {
  logger.result(
    table(
      ["SERVICE", "RESTORED FROM", "LAST WRITE"],
      done.map(({ choice: { target, backup }, restored: { id, lastCommit } }) => [target.service, `${backup.job} ${id}`, lastCommit ?? ""]),
    ),
  );
  for (const {
    choice,
    restored: { id, fellBack },
  } of done) {
    for (const worse of fellBack)
      logger.result(`${choice.target.service}: ${worse.id} could not be used (${worse.file} ${worse.why}); ${id}, the one before, was.`);
  }
  logger.result("What was replaced is kept beside it until the next restore. To drop it now:");
  for (const {
    choice: { target },
  } of done)
    logger.result(`  docker exec ${containerOf(plan, target.service)} rm -rf ${keptPaths(target).join(" ")}`);
}
