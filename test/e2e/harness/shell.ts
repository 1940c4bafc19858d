import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environment, root } from "./paths";

export interface Outcome {
  /** Exit code; 124 when it was stopped at its time. */
  code: number;
  stdout: string;
  stderr: string;
  /** Exit codes of the last pipeline's parts; empty when the command ended the shell. */
  stages: number[];
}

export interface RunOptions {
  cwd?: string;
  input?: string;
  /** Longest run that is still in order. */
  seconds?: number;
  env?: Record<string, string>;
}

/** Runs a command as a person in bash would, in the checkout, and stops it with all its children when it takes too long. */
export async function run(command: string, { cwd = root, input = "", seconds = 120, env = {} }: RunOptions = {}): Promise<Outcome> {
  const scratch = mkdtempSync(join(tmpdir(), "ultrathink-e2e-"));
  const stages = join(scratch, "stages");
  try {
    const child = spawn("bash", ["-c", `${command}\n__stages=("\${PIPESTATUS[@]}")\necho "\${__stages[@]}" > '${stages}'\nexit "\${__stages[-1]}"`], {
      cwd,
      env: { ...environment(), ...env },
      detached: true,
    });
    const [stdout, stderr] = [child.stdout, child.stderr].map(stream => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      return () => Buffer.concat(chunks).toString("utf8");
    });
    child.stdin.on("error", () => undefined); // A command that reads nothing has closed it.
    child.stdin.end(input);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      process.kill(-child.pid!, "SIGTERM");
    }, seconds * 1000);
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", exit => resolve(exit ?? -1));
    });
    clearTimeout(timer);
    return {
      code: late ? 124 : code,
      stdout: stdout!(),
      stderr: stderr!(),
      stages: existsSync(stages) ? readFileSync(stages, "utf8").trim().split(" ").map(Number) : [],
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** As `run`, for a command that must succeed: returns its output. */
export async function succeed(command: string, options?: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await run(command, options);
  if (code !== 0) throw new Error(`exit code ${code}: ${command}\n${stdout}${stderr}`);
  return stdout;
}
