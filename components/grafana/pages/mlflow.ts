import { present, type PageOf } from "../page";
import { logs, stat, timeseries } from "../panel";
import { matching, ofServices, promql, quantile } from "../query";

/** The tracking server and the object store that holds its artifacts. */
export const mlflow: PageOf = system => {
  const server = system.mlflow && present(system, system.mlflow.service)[0];
  if (!server) return undefined;
  const store = present(system, system.objectStore?.service);
  const requests = matching(system, ofServices([server]));
  const failed = matching(system, ofServices([server]), 'status=~"5.."');
  const stored = matching(system, ofServices(store));
  const { certificateDays } = system.alerting.thresholds;
  return {
    slug: "mlflow",
    title: store.length > 0 ? "MLflow and object store" : "MLflow",
    rows: [
      {
        title: "Tracking server",
        panels: [
          stat("Up", "bool_yes_no", promql(`min(up${requests})`), { threshold: { critical: "< 1" }, alert: "ServiceDown" }),
          stat("Requests", "reqps", promql(`sum(rate(mlflow_http_request_total${requests}[$__rate_interval]))`)),
          stat("Failed requests", "reqps", promql(`sum(rate(mlflow_http_request_total${failed}[$__rate_interval])) or vector(0)`), {
            threshold: { warning: "> 0" },
          }),
          stat("Time to answer, 95th percentile", "s", promql(quantile(0.95, "service", "mlflow_http_request_duration_seconds", requests))),
          timeseries(
            "Requests by status",
            "reqps",
            promql(`sum by (status) (rate(mlflow_http_request_total${requests}[$__rate_interval]))`, "{{status}}"),
          ),
          timeseries("Time to answer", "s", [
            promql(quantile(0.5, "service", "mlflow_http_request_duration_seconds", requests), "median"),
            promql(quantile(0.95, "service", "mlflow_http_request_duration_seconds", requests), "95th percentile"),
          ]),
        ],
      },
      ...(store.length > 0
        ? [
            {
              title: "Object store",
              panels: [
                stat("Answers", "bool_yes_no", promql(`min(probe_success${stored})`), {
                  threshold: { critical: "< 1" },
                  alert: "ServiceDown",
                  width: 12,
                }),
                stat("Certificate ends in", "d", promql(`min(probe_ssl_earliest_cert_expiry${stored} - time()) / 86400`), {
                  threshold: certificateDays,
                  alert: "CertificateExpiry",
                  width: 12,
                }),
                timeseries("Time to answer a probe", "s", promql(`max by (service) (probe_duration_seconds${stored})`, "{{service}}"), { width: 24 }),
              ],
            },
          ]
        : []),
      { title: "Logs", panels: [logs(system, [server, ...store])] },
    ],
  };
};
