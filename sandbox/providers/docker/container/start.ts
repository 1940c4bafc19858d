import { PassThrough } from "node:stream";
import type { Container } from "dockerode";
import type { Props } from "../../bridge/values";
import { daemon, pause } from "../daemon";

/** Waits until the container's health check passes, once a second as the plugin does, not stopping early on "unhealthy". */
async function becomeHealthy(container: Container, seconds: number, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const { State } = await container.inspect();
    if (!State.Health) {
      throw new Error(
        "you have supplied a 'wait' argument, but the container does not have a healthcheck defined. Please remove the 'wait' argument or add a 'healthcheck' attribute",
      );
    }
    if (State.Health.Status === "healthy") return;
    if (Date.now() > deadline) {
      const last = State.Health.Log?.at(-1)?.Output?.trim();
      throw new Error(
        `container failed to be in healthy state within ${seconds} s: it is ${State.Status}, health ${State.Health.Status}${last ? `, last check said: ${last}` : ""}`,
      );
    }
    await pause(1000, signal);
  }
}

/** Everything the container has written so far, both streams. */
async function collectLogs(container: Container): Promise<string> {
  const raw = await container.logs({ stdout: true, stderr: true, follow: false });
  const text = new PassThrough();
  const source = new PassThrough();
  daemon.modem.demuxStream(source, text, text);
  source.end(raw);
  await new Promise(resolve => source.once("finish", resolve));
  text.end();
  const chunks: Buffer[] = [];
  for await (const chunk of text) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * Starts a created container and waits as far as `wait` and `attach` ask. An exit code other than 0 is not a failure
 * here: it comes out as `exitCode`.
 *
 * @returns further state: the logs, where asked for
 */
export async function startAndWait(container: Container, inputs: Props, signal: AbortSignal): Promise<Props> {
  if (!inputs.start) return {};
  await container.start();
  if (inputs.wait) await becomeHealthy(container, inputs.waitTimeout, signal);
  if (!inputs.attach) return {};
  await container.wait({ condition: "not-running", abortSignal: signal });
  return inputs.logs ? { containerLogs: await collectLogs(container) } : {};
}
