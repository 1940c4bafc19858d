import { PRIORITY_CLASS, appOf, controllersIn, kindOf, nameOf, templateOf } from "../kubernetes";
import { booksOf, tierOf } from "../parts";
import { reporter } from "../report";
import type { StackRule } from "../rule";

interface Class {
  value?: number;
  globalDefault?: boolean;
  preemptionPolicy?: string;
}

export const rule: StackRule = {
  name: "kubernetes-workload-enforce-priority",
  displayName: "Who takes whose room",
  description:
    "Every pod has the priority class of its service's tier, and the classes stand in the order of the tiers: data, inference, observability, training; training takes nobody's room.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Give the pod its tier's class, and the classes falling values; training's preemptionPolicy is Never.",
  tags: ["availability"],
  validateStack: (args, report) => {
    const [book] = booksOf(args).filter(({ tiers }) => tiers);
    const running = controllersIn(args.resources);
    if (!book || running.length === 0) args.notApplicable("nothing in this stack runs on Kubernetes");
    const classOf = (tier: string) => `${book!.system}-${tier}`;
    for (const resource of running) {
      const required = classOf(tierOf(book!, appOf(resource)));
      const found = templateOf(resource)?.spec?.priorityClassName;
      if (found !== required) {
        reporter(
          kindOf(resource.type),
          nameOf(resource),
          report,
          resource.urn,
        )(`its priority class is ${found ?? "not set"}, ${required} is required`, `Set it to ${required}`);
      }
    }
    const classes = new Map(args.resources.filter(({ type }) => type === PRIORITY_CLASS).map(each => [nameOf(each), each.props as Class]));
    let higher = Infinity;
    for (const tier of Object.keys(book!.tiers!)) {
      const violation = reporter("PriorityClass", classOf(tier), report);
      const { value, globalDefault, preemptionPolicy } = classes.get(classOf(tier)) ?? {};
      if (!(value! < higher)) violation(`its value is ${value ?? "not set"}, less than ${higher} is required`, "Let the tiers' values fall");
      if (!(value! > 0)) violation("its value is not above that of everything without a class", "Give it a value above 0");
      higher = value ?? higher;
      if (globalDefault) violation("it is the class of everything that names none", "Set globalDefault to false");
      const policy = tier === "training" ? "Never" : "PreemptLowerPriority";
      if ((preemptionPolicy ?? "PreemptLowerPriority") !== policy)
        violation(`its preemptionPolicy is ${preemptionPolicy}, ${policy} is required`, `Set it to ${policy}`);
    }
  },
};
