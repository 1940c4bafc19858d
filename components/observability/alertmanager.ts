import { stringify } from "yaml";
import type { System } from "../../systems/declaration";
import { fromRow } from "../resources";
import type { FileMount, ServiceSpec } from "../spec";
import { dataVolume, externalUrl, metricsPort, type ObservabilityEnvironment } from "./environment";

const CONFIG = "/etc/alertmanager/alertmanager.yml";
const DATA = "/alertmanager";
/** Receiver of the alert that always fires; what stands behind it calls when it stops. */
export const DEAD_MANS_SWITCH = "dead-mans-switch";

const routingKeyFile = (receiver: string) => `/run/secrets/${receiver}-routing-key`;

function receivers(system: System): string[] {
  return [...system.alerting.escalation.map(({ receiver }) => receiver), DEAD_MANS_SWITCH];
}

/** @throws Error that names a receiver of the config that the escalation table lacks */
function checkNotifications(system: System, env: ObservabilityEnvironment): void {
  const unknown = Object.keys(env.notifications).filter(name => !receivers(system).includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `notifications: there is no receiver ${unknown.map(name => `"${name}"`).join(", ")}; receivers of ${system.name} are ${receivers(system).join(", ")}`,
    );
  }
}

/** alertmanager.yml: the escalation table as routes. A critical alert waits less and is repeated more often. */
export function alertmanagerConfig(system: System, env: ObservabilityEnvironment): string {
  checkNotifications(system, env);
  const { escalation } = system.alerting;
  const critical = { matchers: ['severity="critical"'], group_wait: "5s", group_interval: "1m", repeat_interval: "1h" };
  return stringify(
    {
      route: {
        receiver: escalation[0]!.receiver,
        group_by: ["alertname", "system", "service"],
        group_wait: "30s",
        group_interval: "5m",
        repeat_interval: "4h",
        routes: [
          // Half of the repetition, because Alertmanager looks at what to repeat once in a group interval.
          { matchers: ['alertname="Watchdog"'], receiver: DEAD_MANS_SWITCH, group_wait: "0s", group_interval: "30s", repeat_interval: "1m" },
          ...escalation.map(({ priority, receiver }) => ({ matchers: [`priority="${priority}"`], receiver, routes: [critical] })),
        ],
      },
      inhibit_rules: [
        // Device, GPU and backup, so that a full disk does not hide the warning about another one.
        {
          source_matchers: ['severity="critical"'],
          target_matchers: ['severity="warning"'],
          equal: ["alertname", "system", "service", "device", "gpu", "backup"],
        },
      ],
      receivers: receivers(system).map(name => {
        const { webhookUrl, pagerdutyRoutingKey } = env.notifications[name] ?? {};
        return {
          name,
          ...(webhookUrl ? { webhook_configs: [{ url: webhookUrl, send_resolved: true }] } : {}),
          ...(pagerdutyRoutingKey ? { pagerduty_configs: [{ routing_key_file: routingKeyFile(name), send_resolved: true }] } : {}),
        };
      }),
    },
    { lineWidth: 0 },
  );
}

/** Alertmanager: groups alerts and calls whom the escalation table names. */
export function alertmanagerSpec(system: System, env: ObservabilityEnvironment): ServiceSpec {
  const { service } = system.observability.alertmanager;
  const port = metricsPort(system, service);
  const keys = Object.entries(env.notifications).flatMap(([receiver, { pagerdutyRoutingKey }]): FileMount[] =>
    pagerdutyRoutingKey ? [{ path: routingKeyFile(receiver), kind: "secret", content: pagerdutyRoutingKey }] : [],
  );
  return {
    ...fromRow(system, service),
    entrypoint: ["/bin/alertmanager"],
    command: [
      `--config.file=${CONFIG}`,
      `--storage.path=${DATA}`,
      `--web.listen-address=0.0.0.0:${port}`,
      `--web.external-url=${externalUrl(system, env, service)}`,
      // One instance: no gossip with others.
      "--cluster.listen-address=",
    ],
    user: 65534,
    files: [{ path: CONFIG, kind: "alertmanager", content: alertmanagerConfig(system, env) }, ...keys],
    volumes: [{ volume: dataVolume(system, service), path: DATA }],
    health: { command: ["wget", "-q", "-O", "/dev/null", `http://localhost:${port}/-/healthy`], startup: "60s", alive: "/-/healthy" },
    stopGrace: "60s",
  };
}
