import type Docker from "dockerode";
import { LineWriter } from "./lines";

export interface ExecResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** A command that runs in a container. */
export interface Running {
  /** Its standard input. */
  input: NodeJS.WritableStream;
  /** Settles when it has ended, also when its container was killed under it. */
  ended: Promise<number>;
}

/** What is done with each line that it writes. */
export interface Listeners {
  out(line: string): void;
  err(line: string): void;
}

/** Starts a command in a running container; no shell is involved. */
export async function startIn(docker: Docker, container: string, command: string[], listeners: Listeners): Promise<Running> {
  const exec = await docker.getContainer(container).exec({ Cmd: command, AttachStdin: true, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin: true });
  const [out, err] = [new LineWriter(listeners.out), new LineWriter(listeners.err)];
  docker.modem.demuxStream(stream, out, err);
  const ended = new Promise<void>(resolve => {
    for (const event of ["end", "close", "error"]) stream.on(event, () => resolve());
  }).then(async () => {
    await Promise.all([out, err].map(writer => new Promise<void>(resolve => writer.end(() => resolve()))));
    return (await exec.inspect()).ExitCode ?? KILLED;
  });
  return { input: stream, ended };
}

/** Exit code of a command whose container ended first: Docker knows none. */
const KILLED = 137;

/**
 * Runs a command in a running container to its end.
 *
 * @param input what is typed into it
 * @param listeners see each line as it is written; all of it is returned as well
 */
export async function execIn(
  docker: Docker,
  container: string,
  command: string[],
  { input = "", out = () => undefined, err = () => undefined }: Partial<Listeners> & { input?: string | AsyncIterable<string> } = {},
): Promise<ExecResult> {
  const [stdout, stderr]: string[][] = [[], []];
  const running = await startIn(docker, container, command, {
    out: line => {
      stdout!.push(line);
      out(line);
    },
    err: line => {
      stderr!.push(line);
      err(line);
    },
  });
  await feed(running, input);
  const code = await running.ended;
  return { code, stdout: stdout!.join("\n"), stderr: stderr!.join("\n") };
}

/** Types everything, no faster than it is read; a command that ends before it has read all is its own affair. */
async function feed({ input, ended }: Running, text: string | AsyncIterable<string>): Promise<void> {
  let over = false;
  void ended.then(() => (over = true));
  const parts = typeof text === "string" ? [text] : text;
  for await (const part of parts) {
    if (over) return;
    if (part !== "" && !input.write(part)) await Promise.race([new Promise(resolve => input.once("drain", resolve)), ended]);
  }
  input.end();
}
