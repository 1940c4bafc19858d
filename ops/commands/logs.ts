import { type Writable } from "node:stream";
import { LineWriter } from "../lines";
import { type Context, lastPlan, requireDockerBackend, withEngine } from "../context";
import { type StackContainer, demultiplex, requireDocker, stackContainers } from "../docker";
import { CommandFailure } from "../exit";
import { defineCommand } from "./command";

interface LogsOptions {
  services: string[];
  follow: boolean;
  tail: number;
}

export const logs = defineCommand<LogsOptions>({
  summary: "Show the logs of services, secrets masked",
  examples: [
    ["bin/ops logs kafka-1 kafka-2 --tail 200", "the last 200 lines of two brokers"],
    ["bin/ops logs --follow", "everything, as it is written"],
  ],
  declare: command =>
    void command
      .argument("[services...]", "services; all of them when none is named")
      .option("-f, --follow", "go on as lines are written")
      .option("-n, --tail <lines>", "lines of the past", "100"),
  validate(services, raw) {
    const tail = Number(raw.tail);
    if (!Number.isInteger(tail) || tail < 0)
      throw new CommandFailure("usage", `--tail: "${String(raw.tail)}" is not allowed; use a whole number of lines, such as 200`);
    return { services, follow: raw.follow === true, tail };
  },
  async run(context, options) {
    requireDockerBackend(await lastPlan(context), "logs");
    await requireDocker(context.docker);
    const containers = chosen(await stackContainers(context.docker, context.stack), options.services);
    await withEngine(context, {}, async ({ exists, open }) => {
      if (exists) context.logger.hide(await (await open("select")).secrets());
    });
    await Promise.all(containers.map((container, index) => stream(context, container, options, index)));
  },
});

export function chosen(containers: StackContainer[], services: string[]): StackContainer[] {
  const unknown = services.filter(name => !containers.some(({ service }) => service === name));
  if (unknown.length > 0) {
    throw new CommandFailure(
      "usage",
      `logs: no container of ${unknown.join(", ")}; there are ${containers.map(({ service }) => service).join(", ") || "none"}`,
    );
  }
  return services.length === 0 ? containers : containers.filter(({ service }) => services.includes(service));
}

/** ANSI foreground colours that read on light and dark grounds. */
const COLOURS = [36, 33, 32, 35, 34, 31];

async function stream(
  { docker, logger, signal, tty }: Context,
  { id, service }: StackContainer,
  { follow, tail }: LogsOptions,
  index: number,
): Promise<void> {
  const prefix = tty ? `\u001b[${COLOURS[index % COLOURS.length]}m${service}\u001b[0m | ` : `${service} | `;
  const lines: Writable = new LineWriter(line => logger.result(prefix + line));
  const options = { stdout: true, stderr: true, tail, abortSignal: signal };
  if (!follow) {
    lines.end(demultiplex(await docker.getContainer(id).logs({ ...options, follow: false })));
    return;
  }
  const source = await docker.getContainer(id).logs({ ...options, follow: true });
  docker.modem.demuxStream(source, lines, lines);
  await new Promise<void>(resolve => {
    source.on("end", resolve);
    source.on("close", resolve);
    // Ctrl-C is how following ends: no failure.
    source.on("error", () => resolve());
  });
  lines.end();
}
