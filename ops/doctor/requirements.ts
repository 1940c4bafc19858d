import type { StackPlan, VaultProject } from "../project";

/** What a stack asks of the machine, with every figure that is ours and not the plan's. */
export const minimum = {
  dockerApi: "1.41",
  node: "20.20.0",
  /** GiB free below Docker's root: images, data volumes and 30 MB of logs for each container. */
  disk: { fault: 10, warning: 30 },
} as const;

/** Kernel settings that the databases ask for in their own documentation; without them they run, but warn, stall or lose memory. */
export const kernelSettings: { name: string; wanted: string; meets(found: string): boolean; why: string; mend: string }[] = [
  {
    name: "vm.overcommit_memory",
    wanted: "1",
    meets: found => found === "1",
    why: "Redis cannot fork to save its queue when memory is tight",
    mend: "sysctl -w vm.overcommit_memory=1",
  },
  {
    name: "transparent_hugepage",
    wanted: "madvise or never",
    meets: found => found === "never" || found === "madvise",
    why: "Redis stalls and grows under copy-on-write of huge pages",
    mend: "echo never > /sys/kernel/mm/transparent_hugepage/enabled",
  },
  {
    name: "vm.max_map_count",
    wanted: "at least 262144",
    meets: found => Number(found) >= 262_144,
    why: "Kafka maps two files for each log segment",
    mend: "sysctl -w vm.max_map_count=262144",
  },
  {
    name: "net.core.somaxconn",
    wanted: "at least 1024",
    meets: found => Number(found) >= 1024,
    why: "bursts of new connections are dropped",
    mend: "sysctl -w net.core.somaxconn=1024",
  },
];

/** Tools beside the container engine. `required`: nothing works without it; otherwise commands of the runbook use it. */
export const tools: { name: string; required: boolean; use: string; install: string }[] = [
  { name: "npm", required: true, use: "installs the project's libraries", install: "comes with Node.js" },
  { name: "make", required: false, use: "`make up` and the other targets", install: "apt-get install make" },
  { name: "docker", required: false, use: "docker commands of the runbook", install: "apt-get install docker.io" },
  { name: "curl", required: false, use: "HTTP commands of the runbook", install: "apt-get install curl" },
  { name: "jq", required: false, use: "JSON commands of the runbook", install: "apt-get install jq" },
  { name: "nc", required: false, use: "ZooKeeper commands of the runbook", install: "apt-get install netcat-openbsd" },
];

export interface Demand {
  /** The largest CPU limit of one service: Docker refuses a limit above the host's cores. */
  largestCpu: { service: string; cores: number };
  /** Sum of CPU limits in cores. */
  cpu: number;
  /** MiB. */
  reserved: number;
  limit: number;
  ports: WantedPort[];
}

export interface WantedPort {
  port: number;
  /** Address of this machine that it binds to. */
  address: string;
  service: string;
  /** Whether the stack's portOffset moves it. */
  moves: boolean;
}

/** @param vault the vault of the stack's backups, where it has one */
export function demandOf(plan: StackPlan, vault?: Pick<ReturnType<VaultProject["plan"]>, "bindAddress" | "ports">): Demand {
  const services = plan.services.filter(({ leftOut, job }) => !leftOut && !job);
  const sum = (of: (service: (typeof services)[number]) => number) => services.reduce((total, service) => total + of(service), 0);
  return {
    largestCpu: services.reduce((most, { name, cpu }) => (cpu > most.cores ? { service: name, cores: cpu } : most), { service: "", cores: 0 }),
    cpu: sum(({ cpu }) => cpu),
    reserved: sum(({ reserved }) => reserved),
    limit: sum(({ memory }) => memory),
    ports: [
      ...services.flatMap(({ name, ports }) => ports.map(port => ({ port, address: plan.bindAddress, service: name, moves: true }))),
      ...(vault?.ports ?? []).map(port => ({ port, address: vault!.bindAddress, service: "the vault", moves: false })),
    ],
  };
}
