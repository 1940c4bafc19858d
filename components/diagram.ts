import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { System } from "../systems/declaration";
import { ultrathink } from "../systems/ultrathink";

const BEGIN = "<!-- Generated from the graph; `node --import tsx components/diagram.ts` draws it anew. -->";
const END = "<!-- End of the diagram. -->";
const PAGE = join(__dirname, "..", "README.md");

/** The parts of a system as the diagram frames them: each service once, in the first frame that names it. */
function frames(system: System): Map<string, string[]> {
  const { observability: watch, database, kafka, zookeeper, objectStore, mlflow, scheduler, workloads, backups } = system;
  const named: [frame: string, services: (string | undefined)[]][] = [
    ["Trading", Object.keys(workloads).filter(name => workloads[name]!.kind === "http")],
    ["Training and models", [mlflow?.service, objectStore?.service, ...Object.keys(workloads), scheduler?.service]],
    ["Data", [database?.service, ...(kafka?.brokers ?? []), zookeeper?.service, ...Object.keys(system.redis), backups?.service]],
    [WATCHING, [watch.prometheus.service, watch.alertmanager.service, watch.grafana.service, ...Object.keys(system.services)]],
  ];
  const framed = new Set<string>();
  return new Map(
    named.map(([frame, services]) => {
      const own = services.filter((name): name is string => name !== undefined && system.services[name] !== undefined && !framed.has(name));
      own.forEach(name => framed.add(name));
      return [frame, [...new Set(own)]];
    }),
  );
}

const WATCHING = "Watching";

/**
 * The service graph in Mermaid's language: a solid arrow waits for what it points at to be healthy, a dotted one does without while it is gone.
 * A group, such as the Kafka brokers, is one box; what lies outside the stack has no frame.
 */
export function diagram(system: System): string {
  const boxOf = (name: string) => Object.entries(system.groups).find(([group, members]) => name === group || members.includes(name))?.[0] ?? name;
  const label = (box: string) => {
    const members = system.groups[box] ?? [box];
    const ports = members.flatMap(name => system.services[name]!.port ?? []);
    const shown = ports.length > 1 ? `${ports[0]}–${ports.at(-1)}` : ports.join("");
    return [members.length > 1 ? `${box} ×${members.length}` : box, ...(shown ? [shown] : [])].join("<br/>");
  };
  const parts = frames(system);
  const boxes = [...parts].flatMap(([frame, services]) => [
    `  subgraph "${frame}"`,
    ...new Set(services.map(name => `    ${boxOf(name)}["${label(boxOf(name))}"]`)),
    "  end",
  ]);
  const watching = parts.get(WATCHING)!;
  const outside = new Set(Object.values(system.services).flatMap(({ external = [] }) => external));
  const arrows = Object.entries(system.services).flatMap(([name, { needs = [], uses = [], external = [] }]) => [
    ...needs.map(need => `  ${boxOf(name)} --> ${boxOf(need)}`),
    // What watches uses whatever it watches; drawing that would hide the rest.
    ...uses.filter(use => !watching.includes(name) || watching.includes(use)).map(use => `  ${boxOf(name)} -.-> ${boxOf(use)}`),
    ...external.map(other => `  ${boxOf(name)} -.-> ${other}`),
  ]);
  return ["flowchart LR", ...boxes, ...[...outside].map(name => `  ${name}[(${name})]`), ...new Set(arrows)].join("\n");
}

/**
 * A page with its diagram drawn anew.
 *
 * @throws Error that names what the page lacks
 */
export function redraw(page: string, system: System): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the page has no place for the diagram; add these two lines:\n${BEGIN}\n${END}`);
  return `${page.slice(0, begin)}${BEGIN}\n\n\`\`\`mermaid\n${diagram(system)}\n\`\`\`\n\n${page.slice(end)}`;
}

if (require.main === module) {
  writeFileSync(PAGE, redraw(readFileSync(PAGE, "utf8"), ultrathink));
}
