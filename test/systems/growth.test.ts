import { edges, grown, startOrder, validate } from "../../systems/declaration";
import { ultrathink } from "../../systems/ultrathink";

describe("a system with 1000 more services", () => {
  const large = grown(ultrathink, 1000);
  const added = Object.keys(large.services).filter(name => !ultrathink.services[name]);

  test("is in order, each a name and a port of its own", () => {
    expect(added).toHaveLength(1000);
    expect(() => validate(large)).not.toThrow();
  });

  test("has what the service has that they are made after: edges, replicas, tier, release", () => {
    const targets = (from: string) =>
      edges(large)
        .filter(edge => edge.from === from)
        .map(({ to, kind }) => `${kind} ${to}`);
    expect(targets("data-service-1000")).toEqual(targets("data-service"));
    expect(targets("data-service-1000")).toEqual(expect.arrayContaining(["needs redis", "uses kafka-1"]));
    expect(large.availability["data-service-1"]).toEqual(ultrathink.availability["data-service"]);
    expect(large.tiers.inference).toEqual(expect.arrayContaining(added));
    expect(Object.keys(large.releases!.smoke)).toEqual(expect.arrayContaining(added));
  });

  test("is what it was without them", () => expect(grown(ultrathink, 0)).toEqual(ultrathink));

  test("starts each after what it needs", () => {
    const order = startOrder(large);
    expect(order.indexOf("redis")).toBeLessThan(order.indexOf("data-service-1000"));
  });
});

test("a system that serves nothing over HTTP is refused, with the way out", () => {
  expect(() => grown({ ...ultrathink, workloads: {} }, 1)).toThrow("ultrathink: workloads: none answers over HTTP");
});
