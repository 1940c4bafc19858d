import { run, succeed, type Outcome, type RunOptions } from "./shell";

/** Runs one of the project's own commands, such as `up`; resolves whatever its exit code is. */
export function ops(command: string, options: RunOptions = {}): Promise<Outcome> {
  return run(`bin/ops ${command}`, { seconds: 900, ...options });
}

/** Runs one that must end with 0. */
export async function opsOk(command: string, options: RunOptions = {}): Promise<Outcome> {
  const outcome = await ops(command, options);
  if (outcome.code !== 0) throw new Error(`bin/ops ${command} ended with ${outcome.code}\n${outcome.stdout}\n${outcome.stderr}`);
  return outcome;
}

/** A SQL statement's answer, unaligned, rows only, over the container's socket. */
export async function sql(statement: string): Promise<string> {
  return (
    await succeed("docker exec -i ultrathink-timescaledb psql -qAtX -v ON_ERROR_STOP=1 -U ultrathink -d ultrathink_experiments", { input: statement })
  ).trim();
}

/** Services that this stack leaves out, from `status`. */
export async function leftOut(): Promise<string[]> {
  const { stdout } = await ops("status");
  return [...stdout.matchAll(/^Left out: (\S+) /gm)].map(([, service]) => service!);
}
