import type { Writable } from "node:stream";
import { adoptDatabase } from "../adopt";
import { type Context, stopIfCancelled } from "../context";
import { removeLabelled } from "../destroy";
import { type StackContainer, demultiplex, labels, requireDocker } from "../docker";
import { CommandFailure } from "../exit";
import { type Ill, isWell, missing, settle, stackHealth } from "../health";
import { digestOf, tagged } from "../image-reference";
import { clearLeftovers } from "../leftovers";
import { LineWriter } from "../lines";
import type { StackPlan } from "../project";
import { logTail } from "../report";
import type { OpenStack } from "../stack";
import { hasVault } from "../workspace";
import type { LogRequest, Runtime, Status } from "./runtime";
import { type Use, size, useOf } from "./use";

const HEAD = ["SERVICE", "CONTAINER", "HEALTH", "RESTARTS", "CPU", "MEMORY", "PORTS", "IMAGE"];

/** What Docker writes for an image without a tag. */
const UNTAGGED = "<none>:<none>";

/** One machine's Docker: services are containers. */
export class DockerRuntime implements Runtime {
  constructor(
    private readonly context: Context,
    private readonly plan: StackPlan,
  ) {}

  require = () => requireDocker(this.context.docker);

  clear = (open: OpenStack) => clearLeftovers(this.context, open);

  adopt = () => adoptDatabase(this.context, this.plan);

  /** The engine saw each service healthy once; this sees all of them healthy together. */
  async settle(waiting: (names: string[]) => void): Promise<string[]> {
    const ill = await settle(this.containers, waiting, this.context.signal);
    stopIfCancelled(this.context);
    const reasons = await Promise.all(ill.map(one => this.report(one)));
    return [...reasons, ...missing(this.plan.services, await this.containers()).map(name => `${name} has no container. \`bin/ops up\` makes it.`)];
  }

  async status(): Promise<Status> {
    const [containers, vault] = await Promise.all([this.containers(), this.vault()]);
    const services = [...containers, ...vault].filter(({ job }) => !job);
    const use = await Promise.all(services.map(container => this.use(container)));
    const images = await this.imageNames();
    const absent = [...missing(this.plan.services, containers), ...(hasVault(this.context) && vault.length === 0 ? ["vault"] : [])];
    const ill = services.filter(container => !isWell(container)).map(({ service }) => service);
    return {
      head: HEAD,
      rows: [
        ...services.map((container, index) => row(container, use[index], images.get(container.image) ?? container.image)),
        ...absent.map(name => [name, "", "missing", "", "", "", "", ""]),
      ],
      faults: [ill.length > 0 ? `not healthy: ${ill.join(", ")}` : "", absent.length > 0 ? `missing: ${absent.join(", ")}` : ""].filter(
        fault => fault !== "",
      ),
    };
  }

  async logs({ services, follow, tail }: LogRequest, write: (service: string, line: string) => void): Promise<void> {
    const containers = chosen((await Promise.all([this.containers(), this.vault()])).flat(), services);
    await Promise.all(containers.map(({ id, service }) => this.stream(id, { follow, tail }, new LineWriter(line => write(service, line)))));
  }

  eraseData = () => removeLabelled(this.context, labels.stack);

  private containers = () => stackHealth(this.context.docker, this.context.stack);

  private vault = () => stackHealth(this.context.docker, this.context.stack, labels.vault);

  /** A person's name by an image's id, which is what the containers name; none where the tag has moved on to a newer one. */
  private async imageNames(): Promise<Map<string, string>> {
    const images = await this.context.docker.listImages();
    // What was pulled by its digest has no tag in Docker.
    const pinned = new Map(this.plan.services.map(({ image }) => [digestOf(image), tagged(image)]));
    return new Map(
      images.flatMap(({ Id, RepoTags, RepoDigests }) => {
        const byDigest = (RepoDigests ?? []).flatMap(digest => pinned.get(digestOf(digest)) ?? []);
        return [...(RepoTags ?? []).filter(tag => tag !== UNTAGGED), ...byDigest].map(name => [Id, name] as const);
      }),
    );
  }

  private async use({ id, state }: StackContainer): Promise<Use | undefined> {
    if (state !== "running") return undefined;
    return useOf(await this.context.docker.getContainer(id).stats({ stream: false }));
  }

  private async report({ container, reason }: Ill): Promise<string> {
    const output = container.health?.lastOutput ? `\nIts last health check said: ${container.health.lastOutput}` : "";
    return `${container.service} is not healthy: ${reason}.${output}${await logTail(this.context, container.name)}\nMore: bin/ops logs ${container.service} --tail 200; docs/runbook.md has its section. \`bin/ops up\` repairs a container that is gone or stopped.`;
  }

  private async stream(id: string, { follow, tail }: Omit<LogRequest, "services">, lines: Writable): Promise<void> {
    const { docker, signal } = this.context;
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
}

function row(container: StackContainer, use: Use | undefined, image: string): string[] {
  const { service, name, state, health, restarts, cpuLimit, memoryLimit, ports } = container;
  const share = (used: string, limit: number, shown: string) => (limit > 0 ? `${used} of ${shown}` : used);
  return [
    service,
    name,
    state === "running" ? (health?.status ?? "no check") : state,
    String(restarts),
    use ? share(use.cpu.toFixed(2), cpuLimit, String(cpuLimit)) : "",
    use ? share(size(use.memory), memoryLimit, size(memoryLimit)) : "",
    ports.join(" "),
    image,
  ];
}

function chosen(containers: StackContainer[], services: string[]): StackContainer[] {
  const unknown = services.filter(name => !containers.some(({ service }) => service === name));
  if (unknown.length > 0) {
    throw new CommandFailure(
      "usage",
      `logs: no container of ${unknown.join(", ")}; there are ${containers.map(({ service }) => service).join(", ") || "none"}`,
    );
  }
  return services.length === 0 ? containers : containers.filter(({ service }) => services.includes(service));
}
