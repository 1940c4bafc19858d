import { booksOf, partsOf, schedulesOf } from "../parts";
import { reporter } from "../report";
import type { StackRule } from "../rule";

export const rule: StackRule = {
  name: "scheduler-enforce-schedules",
  displayName: "Recurring tasks",
  description:
    "Every recurring task of the runbook is started at its time and with its command, by the scheduler's crontab or by a CronJob, and no other.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Give the task the book's schedule and command; when they change, change the declaration and the pack's book together.",
  tags: ["runbook"],
  validateStack: (args, report) => {
    const parts = partsOf(args, report);
    const onKubernetes = parts.some(({ platform }) => platform === "kubernetes");
    const systems = booksOf(args).flatMap(({ schedules }) =>
      schedules && (onKubernetes || parts.some(({ name }) => name === schedules.service)) ? [schedules] : [],
    );
    if (systems.length === 0) args.notApplicable("nothing in this stack has a clock");
    for (const { service, tasks } of systems) {
      const found = schedulesOf(args, parts, service);
      for (const [name, { schedule, command }] of Object.entries(tasks)) {
        const violation = reporter("task", name, report);
        const [its, ...more] = found.filter(each => each.name === name);
        if (!its || more.length > 0) violation(`it is scheduled ${its ? more.length + 1 : 0} times, exactly once is required`, "Declare it once");
        else {
          if (its.schedule !== schedule) violation(`it starts at "${its.schedule}", the book says "${schedule}"`, `Set its schedule to ${schedule}`);
          if (its.command !== command) violation(`it runs "${its.command}", the book says "${command}"`, `Set its command to ${command}`);
        }
      }
      for (const { name } of found.filter(each => !(each.name in tasks)))
        reporter("task", name, report)("the book does not have it", "Add it to the book");
    }
  },
};
