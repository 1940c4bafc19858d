import { present, type PageOf } from "../page";
import { logs, stat, table, timeseries } from "../panel";
import { matching, promql, quantile, rate, sql } from "../query";

/** Training runs, the models that came of them, and the Celery tasks that carried them. */
export const training: PageOf = system => {
  const workers = present(
    system,
    ...Object.entries(system.workloads)
      .filter(([, { kind }]) => kind === "celery-worker")
      .map(([name]) => name),
  );
  if (workers.length === 0) return undefined;
  const all = matching(system);
  const { modelRollbacksPerDay } = system.alerting.thresholds;
  return {
    slug: "training",
    title: "Training and models",
    rows: [
      {
        title: "Models",
        panels: [
          stat("Rollbacks in a day", "short", promql(`sum(round(increase(model_rollbacks_total${all}[1d])))`), {
            threshold: modelRollbacksPerDay,
            alert: "ModelRollbacks",
          }),
          stat("Runs in a day", "short", promql(`round(sum(increase(training_runs_total${all}[1d])))`)),
          stat(
            "Since the last promoted run",
            "s",
            promql(`time() - max(training_last_success_timestamp_seconds${all} > 0)`, undefined, { sparse: true }),
          ),
          stat("Services with a GPU", "short", promql(`sum(gpu_available${all})`)),
          timeseries("Loss", "short", [
            promql(`max by (service) (training_last_loss${all})`, "loss"),
            promql(`max by (service) (training_last_ewc_penalty${all})`, "EWC penalty"),
          ]),
          timeseries("Runs by result", "short", promql(`sum by (result) (round(increase(training_runs_total${all}[1h])))`, "{{result}}"), {
            description: "In the hour before each point.",
          }),
          timeseries("Time of a run", "s", [
            promql(quantile(0.5, "service", "training_duration_seconds", all), "median"),
            promql(quantile(0.95, "service", "training_duration_seconds", all), "95th percentile"),
          ]),
          timeseries("Version in use", "short", promql(`count by (service, name, version) (model_info${all})`, "{{service}}: {{name}} {{version}}")),
          table(
            "Newest versions",
            sql(
              "SELECT created_at, model_name, version, stage, rollback_triggered, metrics, run_id FROM model_versions ORDER BY created_at DESC LIMIT 50",
            ),
            {
              width: 24,
            },
          ),
        ],
      },
      {
        title: "Tasks",
        panels: [
          timeseries("Tasks", "ops", promql(rate("task, state", "celery_tasks_total", all), "{{task}} {{state}}")),
          timeseries("Tasks that wait", "short", promql(`max by (queue) (celery_queue_length${all})`, "{{queue}}")),
          timeseries("Time of a task, 95th percentile", "s", promql(quantile(0.95, "task", "celery_task_duration_seconds", all), "{{task}}"), {
            width: 24,
          }),
        ],
      },
      { title: "Logs", panels: [logs(system, workers)] },
    ],
  };
};
