import type { Row } from "../books";
import { label } from "../docker";
import { booksOf, partsOf, stackOf, type Part } from "../parts";
import { quantity } from "../parsers/quantity";
import { reporter } from "../report";
import { thresholds, type StackRule } from "../rule";

const configSchema = {
  properties: {
    developmentStacks: {
      type: "array" as const,
      items: { type: "string" as const },
      default: ["dev"],
      description:
        "Stacks on a machine that may be smaller than the table: there a CPU limit may be lowered to the host's cores, and a service may be left out, both by a label that says so.",
    },
  },
};

/** What a part has against its row of the book: one finding per fault. */
function compare(part: Part, row: Row, mayClamp: boolean): string[] {
  const { cpu, memory, reserved, container } = part;
  const faults: string[] = [];
  if (cpu !== row.cpu) {
    const declared = container && label(container, "dev.ultrathink.cpu-clamped");
    // A clamp lowers to the host's cores, which are whole.
    const clamped = Number(declared) === row.cpu && cpu !== undefined && cpu < row.cpu && cpu >= 1 && Number.isInteger(cpu);
    if (!clamped) {
      faults.push(
        `the CPU limit is ${cpu ?? "not set"}, the table says ${row.cpu}${declared === undefined ? "" : ` (label dev.ultrathink.cpu-clamped says ${declared})`}`,
      );
    } else if (!mayClamp) {
      faults.push(`the CPU limit ${row.cpu} of the table is clamped to ${cpu}, which only a development stack may do`);
    }
  }
  if (memory !== row.memory) faults.push(`the memory limit is ${mib(memory)}, the table says ${mib(row.memory)}`);
  if (container && container.memorySwap !== row.memory)
    faults.push(`memorySwap is ${mib(container.memorySwap)}, the table says ${mib(row.memory)}, the same as memory`);
  if (reserved !== row.reserved) faults.push(`the memory reserved is ${mib(reserved)}, the table says ${mib(row.reserved)}`);
  const gpus = requestedGpus(part);
  // A machine without GPUs asks for none; a cluster has them, and agents look at them without asking.
  if (gpus > row.gpu || (part.platform === "kubernetes" && gpus < (part.perNode ? 0 : row.gpu))) {
    faults.push(`${gpus === Infinity ? "all GPUs are" : `${gpus} GPU is`} requested, the table says ${row.gpu}`);
  }
  return faults;
}

/** GPUs asked for. On Docker a count, or `gpus`, names no device: it then gives every container the first ones. */
function requestedGpus({ container, resources }: Part): number {
  if (!container) return quantity(resources?.limits?.["nvidia.com/gpu"]) ?? 0;
  const requests = container.deviceRequests ?? [];
  if (container.gpus || requests.some(request => (request.deviceIds ?? []).length === 0)) return Infinity;
  return requests.flatMap(request => request.deviceIds!).length;
}

function mib(value: number | undefined): string {
  return value === undefined ? "not set" : `${value} MiB`;
}

/** Services that a container's label (Prometheus's, which does not watch them) says are left out of this stack. */
function leftOut(parts: Part[]): string[] {
  return parts
    .flatMap(({ container }) => ((container && label(container, "dev.ultrathink.left-out")) ?? "").split(","))
    .filter(service => service !== "");
}

export const rule: StackRule = {
  name: "stack-enforce-resource-table",
  displayName: "Resource table",
  description:
    "Every service of the runbook's resource table runs with exactly its CPU limit, memory limit, reservation and GPUs (on Docker at most its GPUs), and no other service runs; tasks have limits of their own.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Give the service the table's numbers in its system's declaration; when the table itself changes, change the runbook, the declaration and the pack's book together.",
  tags: ["runbook", "resources"],
  configSchema,
  validateStack: (args, report) => {
    const books = booksOf(args);
    const all = partsOf(args, report);
    const parts = all.filter(({ task }) => !task);
    if (books.length === 0 || !args.resources.some(({ type }) => /^(docker:index\/(container|network)|kubernetes):/.test(type)))
      args.notApplicable("nothing of a book runs here");
    const { developmentStacks } = thresholds(configSchema, args);
    const mayDiffer = args.resources.some(({ urn }) => developmentStacks.includes(stackOf(urn)));
    const platform = args.resources.some(({ type }) => type.startsWith("kubernetes:")) ? "kubernetes" : "docker";

    const present = new Set<string>();
    for (const part of parts) {
      if (!part.row) {
        part.violation(
          `no row of the resource table has ${part.name}`,
          "Add a row to the runbook, the declaration and the pack's book, or remove the service",
        );
        continue;
      }
      present.add(part.name);
      for (const fault of compare(part, part.row, mayDiffer)) {
        part.violation(fault, `Set the table's value for ${part.name} in the declaration of ${part.book!.system}`);
      }
    }

    for (const part of all.filter(({ task, book }) => task && book?.tasks)) {
      const { schedules, rows, tasks } = part.book!;
      const row = part.name in (schedules?.tasks ?? {}) ? rows.find(({ service }) => service === schedules!.service) : tasks;
      for (const fault of compare(part, row!, mayDiffer)) part.violation(fault, "Give the task the book's limits");
    }

    const absent = leftOut(parts);
    for (const { rows, only } of books) {
      const service = (name: string) => reporter("service", name, report);
      for (const left of absent.filter(name => !rows.some(row => row.service === name))) {
        service(left)(
          "label dev.ultrathink.left-out names it, and no row of the resource table has it",
          "Correct the label's spelling on Prometheus's container",
        );
      }
      for (const { service: name } of rows.filter(row => (only?.[row.service] ?? platform) === platform)) {
        const here = present.has(name);
        if (here && absent.includes(name)) {
          service(name)("label dev.ultrathink.left-out names it, and its container is there", "Take it out of the label on Prometheus's container");
        } else if (!here && !absent.includes(name)) {
          service(name)(
            "the resource table has it, and nothing in the stack runs it",
            "Declare it, or in a development stack name it in the label dev.ultrathink.left-out of Prometheus's container",
          );
        } else if (!here && !mayDiffer) {
          service(name)("it is left out, which only a development stack may do", "Bring it up in this stack");
        }
      }
    }
  },
};
