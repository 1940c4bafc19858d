import { onParts } from "../parts";
import { seconds } from "../parsers/duration";
import { parseYaml } from "../parsers/yaml";
import { thresholds, type StackRule } from "../rule";

interface Route {
  receiver?: string;
  matchers?: string[];
  group_wait?: string;
  repeat_interval?: string;
  routes?: Route[];
}

interface AlertmanagerConfig {
  route?: Route;
  inhibit_rules?: { source_matchers?: string[]; target_matchers?: string[]; equal?: string[] }[];
  receivers?: { name?: string }[];
}

const configSchema = {
  properties: {
    maxCriticalWaitSeconds: {
      type: "number" as const,
      minimum: 0,
      default: 30,
      description: "Longest time that a critical alert waits for others of its group.",
    },
    maxCriticalRepeatSeconds: {
      type: "number" as const,
      minimum: 60,
      default: 3600,
      description: "Longest time after which a critical alert that still holds calls again.",
    },
    maxRepeatSeconds: {
      type: "number" as const,
      minimum: 60,
      default: 14_400,
      description: "The same for every other alert.",
    },
    maxWatchdogSeconds: {
      type: "number" as const,
      minimum: 1,
      default: 60,
      description: "Longest time between two signs of life to the dead man's switch.",
    },
  },
};

const has = (route: Route, matcher: string) => (route.matchers ?? []).includes(matcher);

export const rule: StackRule = {
  name: "alertmanager-enforce-escalation",
  displayName: "Somebody is called",
  description:
    "Alertmanager routes every priority of the escalation table to its receiver, calls sooner and again sooner for what is critical, feeds the dead man's switch, and hides a warning behind its own critical alert alone.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Leave the routes as the component makes them from the escalation table; when the table itself changes, change the declaration and the pack's book together.",
  tags: ["runbook", "alerting"],
  configSchema,
  validateStack: onParts(
    ({ name, task, book }) => !task && name === book?.alerting?.alertmanager,
    "no Alertmanager of a book is in this stack",
    ({ files, book, violation }, args) => {
      const limits = thresholds(configSchema, args);
      const [config] = files("alertmanager").map(({ content }) => parseYaml(content ?? "") as AlertmanagerConfig | undefined);
      if (!config?.route) {
        violation("it has no readable config file of kind alertmanager", "Give it alertmanager.yml as plain text");
        return;
      }
      const within = (place: string, found: string | undefined, most: number) => {
        if (!((seconds(found) ?? Infinity) <= most)) violation(`${place} is ${found ?? "not set"}, at most ${most}s is allowed`, "Lower it");
      };
      within("route.repeat_interval", config.route.repeat_interval, limits.maxRepeatSeconds);
      const receivers = (config.receivers ?? []).map(({ name }) => name);
      for (const [priority, receiver] of Object.entries(book!.alerting!.receivers)) {
        const route = config.route.routes?.find(each => has(each, `priority="${priority}"`));
        if (!route) violation(`priority ${priority} goes to ${config.route.receiver ?? "nobody"}, and no route says so`, `Route it to ${receiver}`);
        else if (route.receiver !== receiver) {
          violation(`priority ${priority} goes to ${route.receiver ?? "nobody"}, the book says ${receiver}`, `Route it to ${receiver}`);
        }
        if (!receivers.includes(receiver)) violation(`there is no receiver ${receiver}`, "Declare it");
        const critical = route?.routes?.find(each => has(each, 'severity="critical"'));
        within(`group_wait of critical alerts of ${priority}`, critical?.group_wait, limits.maxCriticalWaitSeconds);
        within(`repeat_interval of critical alerts of ${priority}`, critical?.repeat_interval, limits.maxCriticalRepeatSeconds);
      }
      const watchdog = config.route.routes?.find(each => has(each, 'alertname="Watchdog"'));
      if (!watchdog?.receiver || !receivers.includes(watchdog.receiver)) {
        violation("no route takes the Watchdog to a receiver, and nobody would see that alerting has stopped", "Route it to the dead man's switch");
      }
      within("repeat_interval of the Watchdog", watchdog?.repeat_interval, limits.maxWatchdogSeconds);
      for (const { source_matchers: source, target_matchers: target, equal } of config.inhibit_rules ?? []) {
        const narrow = source?.includes('severity="critical"') && target?.includes('severity="warning"');
        if (!narrow || !["alertname", "system", "service"].every(label => equal?.includes(label))) {
          violation("an inhibit rule hides more than the warning of the same alert and service", "Let it compare alertname, system and service");
        }
      }
    },
  ),
};
