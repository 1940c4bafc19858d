import type { PolicyResource } from "@pulumi/policy";
import { books, entryOf, type Row } from "../books";
import { CONTAINER, NETWORK, containerName, isJob, label, ofType, projectOf, reporter, stackOf, type Container } from "../docker";
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

/** What a container has against its row of the book: one finding per fault. */
function compare(props: Container, row: Row, mayClamp: boolean): string[] {
  const { memory, memorySwap, memoryReservation } = props;
  const cpus = Number(props.cpus);
  const faults: string[] = [];
  if (cpus !== row.cpu) {
    const declared = label(props, "dev.ultrathink.cpu-clamped");
    // A clamp lowers to the host's cores, which are whole.
    const clamped = Number(declared) === row.cpu && cpus < row.cpu && cpus >= 1 && Number.isInteger(cpus);
    if (!clamped) {
      faults.push(
        `cpus is ${props.cpus ?? "not set"}, the table says ${row.cpu}${declared === undefined ? "" : ` (label dev.ultrathink.cpu-clamped says ${declared})`}`,
      );
    } else if (!mayClamp) {
      faults.push(`cpus ${row.cpu} of the table is clamped to ${cpus}, which only a development stack may do`);
    }
  }
  if (memory !== row.memory) faults.push(`memory is ${mib(memory)}, the table says ${mib(row.memory)}`);
  if (memorySwap !== row.memory) faults.push(`memorySwap is ${mib(memorySwap)}, the table says ${mib(row.memory)}, the same as memory`);
  if (memoryReservation !== row.reserved) faults.push(`memoryReservation is ${mib(memoryReservation)}, the table says ${mib(row.reserved)}`);
  const gpus = requestedGpus(props);
  if (gpus > row.gpu) faults.push(`${gpus === Infinity ? "all GPUs are" : `${gpus} GPU is`} requested, the table says ${row.gpu}`);
  return faults;
}

/** GPUs asked for by device id. A count, or `gpus`, names no device: Docker then gives every container the first ones. */
function requestedGpus(props: Container): number {
  const requests = props.deviceRequests ?? [];
  if (props.gpus || requests.some(request => (request.deviceIds ?? []).length === 0)) return Infinity;
  return requests.flatMap(request => request.deviceIds!).length;
}

function mib(value: number | undefined): string {
  return value === undefined ? "not set" : `${value} MiB`;
}

/** Services that a container's label (Prometheus's, which does not watch them) says are left out of this stack. */
function leftOut(containers: PolicyResource[]): string[] {
  return containers.flatMap(({ props }) => (label(props, "dev.ultrathink.left-out") ?? "").split(",")).filter(service => service !== "");
}

export const rule: StackRule = {
  name: "docker-stack-enforce-resource-table",
  displayName: "Resource table",
  description:
    "Every service of the runbook's resource table runs with exactly its CPU limit, memory limit, reservation and at most its GPUs, and no other service runs.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Give the service the table's numbers in its system's declaration; when the table itself changes, change the runbook, the declaration and the pack's book together.",
  tags: ["runbook", "resources"],
  configSchema,
  validateStack: (args, report) => {
    const containers = ofType(args, CONTAINER).filter(resource => !isJob(resource.props));
    const networks = ofType(args, NETWORK);
    if (containers.length + networks.length === 0) args.notApplicable("nothing in this stack runs on Docker");
    const { developmentStacks } = thresholds<{ developmentStacks: string[] }>(configSchema, args);
    const { urn } = [...containers, ...networks][0]!;
    const mayDiffer = developmentStacks.includes(stackOf(urn));

    const present = new Set<string>();
    for (const container of containers) {
      const name = containerName(container);
      const violation = reporter("container", name, report, container.urn);
      const entry = entryOf(name);
      if (entry?.book.project !== projectOf(container.urn)) {
        violation("no row of the resource table has it", "Add a row to the runbook, the declaration and the pack's book, or remove the container");
        continue;
      }
      present.add(name);
      for (const fault of compare(container.props, entry.row, mayDiffer)) {
        violation(fault, `Set the table's value for ${entry.row.service} in the declaration of ${entry.book.system}`);
      }
    }

    const absent = leftOut(containers);
    for (const book of books.filter(({ project }) => project === projectOf(urn))) {
      const service = reporter.bind(undefined, "service");
      for (const left of absent.filter(name => !book.rows.some(row => row.service === name))) {
        service(left, report)(
          "label dev.ultrathink.left-out names it, and no row of the resource table has it",
          "Correct the label's spelling on Prometheus's container",
        );
      }
      for (const { service: name } of book.rows) {
        const here = present.has(book.containerPrefix + name);
        const violation = service(name, report);
        if (here && absent.includes(name)) {
          violation("label dev.ultrathink.left-out names it, and its container is there", "Take it out of the label on Prometheus's container");
        } else if (!here && !absent.includes(name)) {
          violation(
            "the resource table has it, and the stack has no container for it",
            "Declare it, or in a development stack name it in the label dev.ultrathink.left-out of Prometheus's container",
          );
        } else if (!here && !mayDiffer) {
          violation("it is left out, which only a development stack may do", "Bring it up in this stack");
        }
      }
    }
  },
};
