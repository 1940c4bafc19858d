import { z } from "zod";
import { CommandFailure } from "../exit";

/** What the backup image's program answers, command by command: a JSON object on each line of standard output. */
const job = z.object({
  job: z.string(),
  id: z.string().nullish(),
  /** velero's words: only `Completed` is a backup. */
  phase: z.enum(["New", "InProgress", "Completed", "PartiallyFailed", "Failed"]),
  seconds: z.number(),
  bytes: z.number(),
  message: z.string().nullish(),
});
export type JobResult = z.infer<typeof job>;
export const jobResults = z.array(job);

/** A file of a backup at fault, and why. */
const fault = z.object({ file: z.string(), why: z.string() });

const backup = z.object({ job: z.string(), id: z.string(), finished: z.iso.datetime({ offset: true }), kind: z.string(), bytes: z.number() });
export type KeptBackup = z.infer<typeof backup>;
/** A backup whose manifest is damaged, foreign or newer has no more than its name. */
const listed = z.union([backup, z.object({ job: z.string(), id: z.string(), refused: fault })]);
export const keptBackups = z.array(listed).transform(all => all.filter(one => !("refused" in one)) as KeptBackup[]);

const restored = z.object({
  id: z.string(),
  /** Newer backups that could not be used, each with the file and why. */
  fellBack: z.array(fault.extend({ id: z.string() })).default([]),
  /** Database only: pgBackRest's name of the backup. */
  label: z.string().nullish(),
  /** Database only: when the last transaction that was replayed was committed. */
  lastCommit: z.string().nullish(),
});
export type Restored = z.infer<typeof restored>;
export const restoredBackup = z.tuple([restored]);

/** The program's exit codes. */
const REFUSED = 3;

/** @throws CommandFailure that names `what` when the program ended with another code than 0 */
export function failOnExit(what: string, code: number, said: string): void {
  if (code === 0) return;
  if (code === REFUSED)
    throw new CommandFailure(
      "refused",
      `${what} was refused: ${said.replace(/^error: refused: /gm, "")}\nNothing was changed. \`--id\` or \`--to\` choose another backup.`,
    );
  throw new CommandFailure("failed", `${what} ended with ${code}. ${said}`);
}

/** @throws CommandFailure when a line is not what the program is documented to answer */
export function answers<T>(what: string, schema: z.ZodType<T>, lines: string[]): T {
  const parsed = lines.filter(line => line.trim() !== "").map(line => parse(what, line));
  const result = schema.safeParse(parsed);
  if (result.success) return result.data;
  const fault = result.error.issues[0];
  throw new CommandFailure("failed", `${what} answered something else than expected: ${fault?.path.join(".")}: ${fault?.message}`);
}

function parse(what: string, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new CommandFailure("failed", `${what} answered a line that is not JSON: ${line.slice(0, 200)}`);
  }
}

/** A line of the program's log as a person reads it; undefined for the beginnings and ends that are shown anyway. */
export function plainLog(line: string): string | undefined {
  try {
    const { level, message, phase } = JSON.parse(line) as { level?: string; message?: string; phase?: string };
    if (message === undefined) return line;
    if (level === "info" && phase !== undefined) return undefined;
    return level === "info" ? message : `${level}: ${message}`;
  } catch {
    return line;
  }
}

/** Passes log lines on as a person reads them. */
export const plainly =
  (note: (text: string) => void) =>
  (line: string): void => {
    const text = plainLog(line);
    if (text) note(text);
  };

/** The end of what a program said, for a message. */
export const lastWords = (lines: string[]): string =>
  lines
    .filter(line => line.trim() !== "" && !line.startsWith('{"refused"'))
    .flatMap(line => plainLog(line) ?? [])
    .slice(-WORDS)
    .join("\n");
const WORDS = 8;
