import type { CheckResult, CreateResult, Provider, ReadResult, UpdateResult } from "@pulumi/pulumi/provider";
import type { Wire } from "./bridge/values";
import type { Difference } from "./difference";

type Required<P> = { [K in "check" | "diff" | "create" | "read" | "update" | "delete" | "cancel"]-?: K extends keyof P ? NonNullable<P[K]> : never };

/** Every method that the engine calls on a plugin of resources. */
export type ResourceProvider = Omit<Provider & Required<Provider>, "diff"> & {
  diff(id: string, urn: string, olds: Wire, news: Wire): Promise<Difference>;
  /** Takes the properties of the program's provider resource. */
  configure?(config: Wire): void;
};

/** Several providers behind one port: the engine says by the resource's type which of them is meant. */
export class Router implements Provider {
  readonly version = "1.0.0";

  /**
   * @param byPackage provider of each package that is not the rest's
   * @param rest provider of every other package
   */
  constructor(
    private readonly byPackage: Record<string, ResourceProvider>,
    private readonly rest: ResourceProvider,
  ) {}

  check(urn: string, olds: Wire, news: Wire): Promise<CheckResult> {
    return this.of(urn).check(urn, olds, news);
  }

  diff(id: string, urn: string, olds: Wire, news: Wire): Promise<Difference> {
    return this.of(urn).diff(id, urn, olds, news);
  }

  create(urn: string, inputs: Wire): Promise<CreateResult> {
    return this.of(urn).create(urn, inputs);
  }

  read(id: string, urn: string, props: Wire): Promise<ReadResult> {
    return this.of(urn).read(id, urn, props);
  }

  update(id: string, urn: string, olds: Wire, news: Wire): Promise<UpdateResult> {
    return this.of(urn).update(id, urn, olds, news);
  }

  delete(id: string, urn: string, props: Wire): Promise<void> {
    return this.of(urn).delete(id, urn, props);
  }

  /** @param token type of the provider resource, such as `pulumi:providers:kubernetes` */
  configure(token: string, config: Wire): void {
    this.byPackage[token.split(":")[2]!]?.configure?.(config);
  }

  async cancel(): Promise<void> {
    await Promise.all([...Object.values(this.byPackage), this.rest].map(provider => provider.cancel()));
  }

  private of(urn: string): ResourceProvider {
    const token = urn.split("::")[2]!.split("$").pop()!;
    return this.byPackage[token.split(":")[0]!] ?? this.rest;
  }
}
