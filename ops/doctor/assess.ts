import type { StackPlan } from "../project";
import type { Findings } from "./probes";
import { type Demand, kernelSettings, minimum, tools } from "./requirements";

/** One line of the doctor's table. */
export interface Finding {
  check: string;
  found: string;
  required: string;
  verdict: "ok" | "warning" | "fault";
  /** What to do; for faults and warnings only. */
  mend?: string;
}

/** Judges everything at once: a person mends a machine in one go. */
export function assess(found: Findings, demand: Demand, plan: StackPlan): Finding[] {
  const onDocker = plan.backend === "docker";
  return [
    ...(onDocker
      ? [
          assessDocker(found),
          ...assessCpu(found, demand, plan),
          assessMemory(found, demand),
          assessDisk(found),
          ...assessPorts(found, demand),
          ...assessKernel(found),
          ...assessGpu(found, plan),
        ]
      : []),
    ...assessTools(found),
  ];
}

function assessDocker({ docker }: Findings): Finding {
  const required = `API ${minimum.dockerApi} or newer, memory limits`;
  if ("error" in docker)
    return {
      check: "Docker Engine",
      found: docker.error,
      required,
      verdict: "fault",
      mend: "install Docker Engine and start it (Debian: apt-get install docker.io), or set DOCKER_HOST",
    };
  const finding = { check: "Docker Engine", found: `${docker.version}, API ${docker.api}`, required };
  if (!atLeast(docker.api, minimum.dockerApi)) return { ...finding, verdict: "fault", mend: "upgrade Docker Engine to 20.10 or newer" };
  if (!docker.limitsMemory)
    return {
      ...finding,
      found: `${finding.found}, no memory limits`,
      verdict: "fault",
      mend: "enable the memory cgroup controller (kernel option cgroup_enable=memory)",
    };
  return { ...finding, verdict: "ok" };
}

function assessCpu({ cores }: Findings, { largestCpu, cpu }: Demand, { clampCpus }: StackPlan): Finding[] {
  const finding = { check: "CPU cores", found: String(cores), required: `${largestCpu.cores} (${largestCpu.service}'s limit)` };
  if (largestCpu.cores > cores && !clampCpus) {
    return [
      {
        ...finding,
        verdict: "fault",
        mend: "Docker refuses a CPU limit above its cores: use a larger machine, or, for development only, set clampCpus: true in the stack file",
      },
    ];
  }
  if (largestCpu.cores > cores)
    return [{ ...finding, verdict: "warning", mend: "limits above the cores are lowered to them (clampCpus); the outputs list which" }];
  if (cpu > cores)
    return [{ ...finding, verdict: "warning", mend: `all limits together are ${round(cpu)} cores: services slow each other down when all are busy` }];
  return [{ ...finding, verdict: "ok" }];
}

function assessMemory({ memory }: Findings, { reserved, limit }: Demand): Finding {
  const finding = { check: "memory", found: gibibytes(memory), required: `${gibibytes(reserved)} reserved, ${gibibytes(limit)} at the limits` };
  if (memory < reserved)
    return { ...finding, verdict: "fault", mend: "use a machine with more memory, or leave services out (leaveOut in the stack file)" };
  if (memory < limit)
    return {
      ...finding,
      verdict: "warning",
      mend: "enough for the reservations; when every service reaches its limit at once, the kernel ends some",
    };
  return { ...finding, verdict: "ok" };
}

function assessDisk({ diskFree }: Findings): Finding {
  const { fault, warning } = minimum.disk;
  const finding = {
    check: "disk free",
    found: diskFree === undefined ? "cannot be read from here" : `${diskFree} GiB`,
    required: `${fault} GiB, better ${warning}`,
  };
  if (diskFree === undefined || diskFree >= warning)
    return {
      ...finding,
      verdict: diskFree === undefined ? "warning" : "ok",
      ...(diskFree === undefined ? { mend: "check the disk of Docker's root directory there" } : {}),
    };
  return {
    ...finding,
    verdict: diskFree < fault ? "fault" : "warning",
    mend: "free space below Docker's root directory (docker system df shows what holds it)",
  };
}

function assessPorts({ ports }: Findings, demand: Demand): Finding[] {
  const taken = demand.ports.flatMap(({ port, service, moves }) => {
    const state = ports[port];
    return typeof state === "object" ? [{ port, service, moves, holder: state.holder }] : [];
  });
  if (taken.length === 0)
    return [{ check: "ports", found: `${demand.ports.length} free or ours`, required: `${demand.ports.length} free`, verdict: "ok" }];
  return taken.map(({ port, service, moves, holder }) => ({
    check: `port ${port}`,
    found: `held by ${holder}`,
    required: `free for ${service}`,
    verdict: "fault",
    mend: `end what holds it${moves ? ", or move the whole stack with portOffset in the stack file" : ""}`,
  }));
}

function assessKernel({ kernel }: Findings): Finding[] {
  return kernelSettings.map(({ name, wanted, meets, why, mend }) => {
    const value = kernel[name];
    const finding = { check: name, found: value ?? "cannot be read", required: wanted };
    return value !== undefined && meets(value) ? { ...finding, verdict: "ok" } : { ...finding, verdict: "warning", mend: `${why}: ${mend}` };
  });
}

function assessGpu({ gpus, docker }: Findings, { gpuDevices }: StackPlan): Finding[] {
  const wanted = [...new Set(gpuDevices)];
  const found = gpus.length === 0 ? "none" : `devices ${gpus.join(", ")}`;
  if (wanted.length === 0) {
    const idle = gpus.length > 0 ? { verdict: "warning" as const, mend: "set gpuDevices in the stack file to use them" } : { verdict: "ok" as const };
    return [{ check: "GPU", found, required: "none asked for", ...idle }];
  }
  const required = `devices ${wanted.join(", ")}`;
  const absent = wanted.filter(device => !gpus.includes(device) && !device.startsWith("GPU-") && !device.startsWith("MIG-"));
  if (gpus.length === 0 || absent.length > 0) {
    return [
      {
        check: "GPU",
        found,
        required,
        verdict: "fault",
        mend: "correct gpuDevices in the stack file ({} where there is no GPU), or install NVIDIA's driver",
      },
    ];
  }
  if (!("error" in docker) && !docker.gpuRuntime) {
    return [
      {
        check: "GPU",
        found: `${found}, but Docker has no nvidia runtime`,
        required,
        verdict: "fault",
        mend: "install nvidia-container-toolkit and run nvidia-ctk runtime configure --runtime=docker",
      },
    ];
  }
  return [{ check: "GPU", found, required, verdict: "ok" }];
}

function assessTools(found: Findings): Finding[] {
  const node: Finding = {
    check: "Node.js",
    found: found.node,
    required: `${minimum.node} or newer`,
    verdict: atLeast(found.node, minimum.node) ? "ok" : "fault",
  };
  if (node.verdict === "fault") node.mend = "install a newer Node.js";
  return [
    node,
    ...tools.map(({ name, required, use, install }): Finding => {
      const finding = { check: name, found: found.tools[name] ? "present" : "missing", required: use };
      return found.tools[name] ? { ...finding, verdict: "ok" } : { ...finding, verdict: required ? "fault" : "warning", mend: install };
    }),
  ];
}

/** Whether a dotted version is not below another. */
export function atLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map(text => text.split(".").map(Number));
  for (const [index, part] of (want ?? []).entries()) {
    const own = have?.[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}

const round = (value: number) => String(Math.round(value * 100) / 100);
const gibibytes = (mebibytes: number) => `${(mebibytes / 1024).toFixed(1)} GiB`;
