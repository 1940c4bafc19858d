import type Docker from "dockerode";
import { lastPlan, requireDockerBackend } from "../context";
import { type StackContainer, requireDocker } from "../docker";
import { CommandFailure } from "../exit";
import { missing, stackHealth } from "../health";
import { table } from "../report";
import { defineCommand, noOptions } from "./command";

export const status = defineCommand({
  summary: "Show every service: health, restarts, use against limits, ports, image",
  examples: [["bin/ops status", "exit code 3 when something is unhealthy or missing"]],
  validate: noOptions,
  async run(context) {
    const plan = await lastPlan(context);
    requireDockerBackend(plan, "status");
    await requireDocker(context.docker);
    const containers = await stackHealth(context.docker, context.stack);
    const services = containers.filter(({ job }) => !job);
    const use = await Promise.all(services.map(container => readUse(context.docker, container)));
    const absent = missing(plan.services, containers);
    context.logger.result(
      table(HEAD, [
        ...services.map((container, index) => row(container, use[index])),
        ...absent.map(name => [name, "", "missing", "", "", "", "", ""]),
      ]),
    );
    const leftOut = plan.services.filter(({ leftOut }) => leftOut);
    for (const { name, leftOut: reason } of leftOut) context.logger.result(`Left out: ${name} (${reason})`);

    const ill = services.filter(container => !isWell(container)).map(({ service }) => service);
    if (ill.length + absent.length > 0) {
      const parts = [ill.length > 0 ? `not healthy: ${ill.join(", ")}` : "", absent.length > 0 ? `missing: ${absent.join(", ")}` : ""].filter(
        part => part !== "",
      );
      throw new CommandFailure("deviated", `${parts.join("; ")}. bin/ops logs <service> says why, bin/ops up repairs.`);
    }
  },
});

const HEAD = ["SERVICE", "CONTAINER", "HEALTH", "RESTARTS", "CPU", "MEMORY", "PORTS", "IMAGE"];

export const isWell = ({ state, health }: StackContainer): boolean => state === "running" && (health === undefined || health.status === "healthy");

export interface Use {
  /** Cores. */
  cpu: number;
  /** Bytes without the page cache that can be given back. */
  memory: number;
}

function row(container: StackContainer, use: Use | undefined): string[] {
  const { service, name, state, health, restarts, cpuLimit, memoryLimit, ports, image } = container;
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

async function readUse(docker: Docker, { id, state }: StackContainer): Promise<Use | undefined> {
  if (state !== "running") return undefined;
  return useOf(await docker.getContainer(id).stats({ stream: false }));
}

/** CPU between the two samples that Docker took, and memory as `docker stats` counts it. */
export function useOf(stats: Docker.ContainerStats): Use {
  const { cpu_stats: now, precpu_stats: before, memory_stats: memory } = stats;
  const spent = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
  const passed = now.system_cpu_usage - (before.system_cpu_usage ?? 0);
  // cgroup v1 names the reclaimable page cache total_inactive_file, v2 inactive_file.
  const detail = memory.stats as Record<string, number> | undefined;
  const cache = detail?.total_inactive_file ?? detail?.inactive_file ?? 0;
  return { cpu: passed > 0 ? (spent / passed) * now.online_cpus : 0, memory: Math.max(0, (memory.usage ?? 0) - cache) };
}

/** Bytes in the unit that the declaration uses. */
export function size(bytes: number): string {
  const mebibytes = bytes / 1024 ** 2;
  return mebibytes >= 1024 ? `${Math.round((mebibytes / 1024) * 100) / 100}G` : `${Math.round(mebibytes)}M`;
}
