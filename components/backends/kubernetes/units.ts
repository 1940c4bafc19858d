import { members, scaleOf, type System } from "../../../systems/declaration";
import type { PlatformRight, ServiceSpec } from "../../spec";
import { namespaceOf } from "./security";

/** What one controller runs: a service, or the members of a group, which are the numbered replicas of one set. */
export interface Unit {
  /** Name of the controller: the service's, or its group's. */
  name: string;
  namespace: string;
  /** One spec that stands for all members. */
  main: ServiceSpec;
  members: ServiceSpec[];
  /** Services that share its volumes, and so its pod. */
  sidecars: ServiceSpec[];
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
  for (const spec of specs.filter(({ sidecarOf }) => sidecarOf === undefined)) {
    const name = groupOf(system, spec.name) ?? spec.name;
    const unit = units.get(name);
    if (unit) unit.members.push(spec);
    else units.set(name, { name, namespace: namespaceOf(system, spec), main: spec, members: [spec], sidecars: [] });
  }
  for (const spec of specs) {
    if (spec.sidecarOf === undefined) continue;
    const host = units.get(spec.sidecarOf);
    if (!host) throw new Error(`${spec.name}: there is no service "${spec.sidecarOf}" to share a pod with; name one in sidecarOf`);
    host.sidecars.push(spec);
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

/** Everything that runs in a unit's pods, by name. */
export const runningIn = ({ members, sidecars }: Unit): ServiceSpec[] => [...members, ...sidecars];

/** What anything in a unit's pods reaches outside. */
export const externalsOf = (unit: Unit): string[] => [...new Set(runningIn(unit).flatMap(({ external }) => external ?? []))];

/** What anything in a unit's pods asks the API; they have one account. */
export function asksOf(unit: Unit): PlatformRight[] | undefined {
  const asks = runningIn(unit).flatMap(spec => spec.asks ?? []);
  return asks.length > 0 ? [...new Set(asks)] : undefined;
}
