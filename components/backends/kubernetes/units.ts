import { members, scaleOf, type System } from "../../../systems/declaration";
import type { ServiceSpec } from "../../spec";
import { namespaceOf } from "./security";

/** What one controller runs: a service, or the members of a group, which are the numbered replicas of one set. */
export interface Unit {
  /** Name of the controller: the service's, or its group's. */
  name: string;
  namespace: string;
  /** One spec that stands for all members. */
  main: ServiceSpec;
  members: ServiceSpec[];
  /** Exact number of replicas; absent where load decides it. */
  replicas?: number;
}

/** Group of a service, if it has one. */
export const groupOf = (system: System, service: string): string | undefined =>
  Object.keys(system.groups).find(group => members(system, group).includes(service));

/**
 * Services as controllers run them.
 *
 * @throws Error for a group whose members are not `<group>-1`, `<group>-2` and so on: a StatefulSet names its pods like that
 */
export function unitsOf(system: System, specs: ServiceSpec[]): Unit[] {
  const units = new Map<string, Unit>();
  for (const spec of specs) {
    const name = groupOf(system, spec.name) ?? spec.name;
    const unit = units.get(name);
    if (unit) unit.members.push(spec);
    else units.set(name, { name, namespace: namespaceOf(system, spec), main: spec, members: [spec] });
  }
  for (const unit of units.values()) {
    const { name, main } = unit;
    if (groupOf(system, main.name)) {
      const expected = unit.members.map((_, index) => `${name}-${index + 1}`);
      const found = unit.members.map(member => member.name);
      if (found.join() !== expected.join()) {
        throw new Error(`groups.${name}: ${found.join(", ")} cannot be the pods of one set; name its members ${expected.join(", ")}`);
      }
      unit.replicas = found.length;
    } else {
      const { min, max } = scaleOf(system, main.name);
      if (max === undefined) unit.replicas = min;
    }
  }
  return [...units.values()];
}
