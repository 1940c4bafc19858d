import { PassThrough } from "node:stream";
import type * as docker from "@pulumi/docker";
import type Docker from "dockerode";
import * as pulumi from "@pulumi/pulumi";
import { seconds, type Duration } from "../../../systems/declaration";
import { engine } from "./engine";

/** Between two probes: short at first for what starts at once, longer for what takes its time, because every probe is a process in the container. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2000;
const LOG_LINES = 15;

interface ContainerProps {
  id: string;
  name: string;
  attach?: boolean;
  healthcheck?: { tests: string[] };
  labels: { label: string; value: string }[];
}

/** Text of a stream that Docker multiplexes, stdout and stderr together. */
async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const both = new PassThrough();
  engine.modem.demuxStream(stream, both, both);
  stream.on("end", () => both.end());
  stream.on("error", error => both.destroy(error));
  const chunks: Buffer[] = [];
  for await (const chunk of both) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8").trimEnd();
}

/** Last log lines of a container, for an error that explains itself. */
async function lastLines(container: Docker.Container): Promise<string> {
  const written = new PassThrough();
  written.end(await container.logs({ stdout: true, stderr: true, tail: LOG_LINES, follow: false }));
  const text = await readAll(written);
  return (
    text
      .split("\n")
      .map(line => `    ${line}`)
      .join("\n")
      .trimEnd() || "    (no output)"
  );
}

/** Runs a command in the container; resolves to its exit code and output. */
async function exec(container: Docker.Container, command: string[]): Promise<{ code: number; output: string }> {
  const process = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
  const stream = await process.start({ hijack: true, stdin: false });
  const output = await readAll(stream);
  const { ExitCode } = await process.inspect();
  return { code: ExitCode ?? -1, output };
}

const pause = (attempt: number) => new Promise(resolve => setTimeout(resolve, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 1.4 ** attempt)));

async function untilHealthy(
  props: ContainerProps,
  probe: () => Promise<{ code: number; output: string }>,
  budget: Duration,
  signal: AbortSignal,
): Promise<void> {
  const container = engine.getContainer(props.id);
  const deadline = Date.now() + seconds(budget) * 1000;
  let last = "";
  for (let attempt = 0; ; await pause(attempt++)) {
    signal.throwIfAborted();
    const state = (await container.inspect()).State;
    // Docker itself has asked within the last interval.
    if (state.Health?.Status === "healthy") return;
    if (state.Running && !state.Restarting) {
      const { code, output } = await probe().catch((error: Error) => ({ code: -1, output: error.message }));
      if (code === 0) return;
      last = output;
    } else {
      last = `not running (${state.Status}, exit code ${state.ExitCode}${state.OOMKilled ? ", killed for memory" : ""})`;
    }
    if (Date.now() > deadline) {
      throw new Error(
        `${props.name} is not healthy after ${budget}: ${last || "its health check fails without output"}\n` +
          `  last log lines:\n${await lastLines(container)}\n` +
          `  what to do: read \`docker logs ${props.name}\`, mend the cause and run the same command again; nothing is lost`,
      );
    }
  }
}

/** Asks Prometheus, through its own container, whether it reaches the service. */
async function scraped(service: string, prometheus: string): Promise<{ code: number; output: string }> {
  const query = encodeURIComponent(`up{job=~".*-${service}"} == 1`);
  const { code, output } = await exec(engine.getContainer(prometheus), [
    "wget",
    "-q",
    "-O",
    "-",
    `http://localhost:9090/api/v1/query?query=${query}`,
  ]);
  return code === 0 && output.includes(`"${service}"`) ? { code: 0, output } : { code: 1, output: `Prometheus does not reach ${service} yet` };
}

async function awaitReady(props: ContainerProps, prometheus: string | undefined, signal: AbortSignal): Promise<void> {
  const container = engine.getContainer(props.id);
  if (props.attach) {
    const { State } = await container.inspect();
    if (State.ExitCode !== 0) {
      const lines = await lastLines(container);
      // Removed so that the next update makes it anew: a job that failed is run again.
      await container.remove({ force: true });
      throw new Error(
        `job ${props.name} ended with exit code ${State.ExitCode}\n  last log lines:\n${lines}\n  what to do: mend the cause and run the same command again`,
      );
    }
    return;
  }
  const label = (name: string) => props.labels.find(entry => entry.label === name)?.value;
  const startup = label("dev.ultrathink.startup") as Duration;
  if (label("dev.ultrathink.probed-by") === "prometheus") {
    await untilHealthy(props, () => scraped(label("com.docker.compose.service")!, prometheus!), startup, signal);
  } else {
    await untilHealthy(props, () => exec(container, props.healthcheck!.tests.slice(1)), startup, signal);
  }
}

/**
 * Waits until containers work: a service does when its own health command has passed, asked far more often than Docker's own interval would, and a job
 * when it has ended with 0. They are waited for in the program and in no resource hook, because the engine saves no state, and so goes on with nothing,
 * while a hook runs. A preview waits for nothing.
 */
export class Probes {
  private readonly waiting: Promise<unknown>[] = [];
  /** One that does not work fails the program, which then waits for none. */
  private readonly over = new AbortController();
  private readonly failure: Promise<never>;

  /** @param prometheus container that answers for services whose image has no shell; not needed where there is none */
  constructor(private readonly prometheus?: string) {
    this.failure = new Promise((_, reject) => {
      this.over.signal.addEventListener("abort", () => reject(this.over.signal.reason as Error));
    });
    // Whoever asks for all of them is told; a program that ends before asks nobody.
    this.failure.catch(() => undefined);
  }

  /** The container, once it works. What waits for one that does not is never made. */
  ready(made: docker.Container): pulumi.Input<pulumi.Resource> {
    if (pulumi.runtime.isDryRun()) return made;
    const { id, name, attach, healthcheck, labels } = made;
    const working = new Promise<docker.Container>(resolve => {
      pulumi.output({ id, name, attach, healthcheck, labels }).apply(async props => {
        try {
          await awaitReady(props as ContainerProps, this.prometheus, this.over.signal);
          await pulumi.log.info(READY, made, undefined, true);
          resolve(made);
        } catch (error) {
          // Of the others that did not get there, nobody asks.
          if (this.over.signal.aborted) return;
          const { message } = error as Error;
          await pulumi.log.error(message, made);
          this.over.abort(new pulumi.RunError(message));
        }
      });
    });
    this.waiting.push(working);
    return working;
  }

  /**
   * Resolves when all of them work, for a program to wait for at its end.
   *
   * @returns rejects with a RunError that names the container that does not, what its last check said and its last log lines
   */
  async all(): Promise<void> {
    await Promise.race([Promise.all(this.waiting), this.failure]);
  }
}

/** What the engine's events say of a container that works. */
const READY = "is up";
