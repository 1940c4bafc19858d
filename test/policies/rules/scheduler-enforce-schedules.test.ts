import { ultrathink } from "../../../policies/books/ultrathink";
import { CRON_JOB } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/scheduler-enforce-schedules";
import { container, judgeStack, object, pod, resource, withFile } from "../support";
import { CONTAINER } from "../../../policies/docker";

type Tasks = Record<string, { schedule: string; command: string }>;

const book: Tasks = ultrathink.schedules!.tasks;
const stacks = {
  "a crontab": (tasks: Tasks) => [
    withFile(
      "scheduler",
      "crontab",
      Object.values(tasks)
        .map(({ schedule, command }) => `# why\n${schedule} workload ${command}\n`)
        .join(""),
    ),
  ],
  CronJobs: (tasks: Tasks) =>
    Object.entries(tasks).map(([name, { schedule, command }]) =>
      object(CRON_JOB, name, { schedule, jobTemplate: { spec: { template: { spec: { containers: [pod({ name, args: command.split(" ") })] } } } } }),
    ),
};

describe.each(Object.entries(stacks))(`${rule.name} in %s`, (_title, stack) => {
  const judged = (tasks: Tasks) => judgeStack(rule, stack(tasks)).violations;

  it("accepts the book's tasks", () => {
    expect(judged(book)).toEqual([]);
  });

  it.each<[string, Tasks, string]>([
    [
      "another time",
      { ...book, "vacuum-analyze": { schedule: "0 1 1 * *", command: "vacuum-analyze" } },
      'it starts at "0 1 1 * *", the book says "0 1 * * 0"',
    ],
    [
      "a deletion in earnest",
      { ...book, "checkpoint-cleanup": { schedule: "0 2 * * *", command: "checkpoint-cleanup" } },
      'it runs "checkpoint-cleanup"',
    ],
    ["a task that nobody starts", Object.fromEntries(Object.entries(book).slice(1)), 'task "checkpoint-cleanup": it is scheduled 0 times'],
    ["a task of nobody's", { ...book, other: { schedule: "* * * * *", command: "other" } }, 'task "other": the book does not have it'],
  ])("reports %s", (_title, tasks, message) => {
    expect(judged(tasks)).toEqual([expect.stringContaining(message)]);
  });
});

it("does not apply to a machine without the scheduler", () => {
  expect(judgeStack(rule, [resource(CONTAINER, container())])).toEqual({ violations: [], notApplicable: expect.any(String) });
});
