import { ultrathink } from "../../../policies/books/ultrathink";
import { DEPLOYMENT, PRIORITY_CLASS } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-workload-enforce-priority";
import { deployment, judgeStack, object, resource } from "../support";

const tiers = Object.keys(ultrathink.tiers!);
const classes = (changes: Record<string, object> = {}) =>
  tiers.map((tier, index) =>
    resource(PRIORITY_CLASS, {
      metadata: { name: `ultrathink-${tier}` },
      value: 4000 - index,
      preemptionPolicy: tier === "training" ? "Never" : undefined,
      ...changes[tier],
    }),
  );
const running = (priorityClassName?: string) => object(DEPLOYMENT, "data-service", deployment({ priorityClassName }).spec!);

describe(rule.name, () => {
  it("accepts the tier's class, and classes in their order", () => {
    expect(judgeStack(rule, [running("ultrathink-inference"), ...classes()])).toEqual({ violations: [] });
  });

  it.each<[string, ReturnType<typeof running>[], string]>([
    ["another tier's class", [running("ultrathink-data"), ...classes()], "its priority class is ultrathink-data, ultrathink-inference is required"],
    ["no class", [running(), ...classes()], "its priority class is not set"],
    [
      "training before data",
      [running("ultrathink-inference"), ...classes({ training: { value: 5000 } })],
      'PriorityClass "ultrathink-training": its value is 5000',
    ],
    [
      "training that takes others' room",
      [running("ultrathink-inference"), ...classes({ training: { preemptionPolicy: "PreemptLowerPriority" } })],
      "Never is required",
    ],
    [
      "data that takes nobody's room",
      [running("ultrathink-inference"), ...classes({ data: { preemptionPolicy: "Never" } })],
      "PreemptLowerPriority is required",
    ],
    [
      "a class of everybody",
      [running("ultrathink-inference"), ...classes({ data: { globalDefault: true } })],
      "it is the class of everything that names none",
    ],
    [
      "a class of nobody",
      [running("ultrathink-inference"), ...classes({ training: { value: 0 } })],
      "its value is not above that of everything without a class",
    ],
  ])("reports %s", (_title, resources, message) => {
    expect(judgeStack(rule, resources).violations).toEqual([expect.stringContaining(message)]);
  });

  it("does not apply where nothing runs", () => {
    expect(judgeStack(rule, classes())).toEqual({ violations: [], notApplicable: expect.any(String) });
  });
});
