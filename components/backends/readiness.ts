import type { Input, Resource } from "@pulumi/pulumi";

/** What each name of the graph waits for: a service's own resource, its group's members and the jobs that complete it. */
export class Readiness {
  private readonly ready = new Map<string, Input<Resource>[]>();

  /** @param groups names that stand for several services, such as `kafka` for its brokers */
  constructor(private readonly groups: Record<string, string[]>) {}

  /** Adds a resource that must be ready before `name` counts as ready. */
  add(name: string, resource: Input<Resource>): void {
    this.ready.set(name, [...(this.ready.get(name) ?? []), resource]);
  }

  /** Whether something has been made for each of the names. */
  has(names: string[]): boolean {
    return names.every(name => this.made(name).length > 0);
  }

  /** Resources behind the names in `needs`. A name that nothing has made yet is a fault of the declaration's order. */
  of(service: string, needs: string[]): Input<Resource>[] {
    return needs.flatMap(need => {
      const made = this.made(need);
      if (made.length === 0) {
        throw new Error(`${service} needs "${need}", which nothing before it has made; declare it, or correct \`needs\``);
      }
      return made;
    });
  }

  private made(name: string): Input<Resource>[] {
    return [name, ...(this.groups[name] ?? [])].flatMap(member => this.ready.get(member) ?? []);
  }
}
