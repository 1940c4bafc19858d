import { rule } from "../../../policies/rules/alertmanager-enforce-escalation";
import { stringify } from "yaml";
import { describeFileRule } from "../support";

const critical = { matchers: ['severity="critical"'], group_wait: "5s", repeat_interval: "1h" };
const levels = { L1: "on-call", L2: "infrastructure-lead", L3: "management" };
const routes = Object.entries(levels).map(([priority, receiver]) => ({ matchers: [`priority="${priority}"`], receiver, routes: [critical] }));
const watchdog = { matchers: ['alertname="Watchdog"'], receiver: "dead-mans-switch", repeat_interval: "1m" };
const receivers = [...Object.values(levels), "dead-mans-switch"].map(name => ({ name }));
const inhibit = { source_matchers: ['severity="critical"'], target_matchers: ['severity="warning"'], equal: ["alertname", "system", "service"] };
const config = ({ route = {}, ...change }: { route?: object; receivers?: object[]; inhibit_rules?: object[] } = {}) =>
  stringify({
    route: { receiver: "on-call", repeat_interval: "4h", routes: [watchdog, ...routes], ...route },
    receivers,
    inhibit_rules: [inhibit],
    ...change,
  });
const first = (change: object) => ({ routes: [watchdog, { ...routes[0], ...change }, ...routes.slice(1)] });

describeFileRule(rule, {
  service: "alertmanager",
  kind: "alertmanager",
  accepts: { "the escalation table": config() },
  reports: {
    "another receiver": [config({ route: first({ receiver: "management" }) }), "priority L1 goes to management, the book says on-call"],
    "a priority without a route": [
      config({ route: { routes: [watchdog, ...routes.slice(1)] } }),
      "priority L1 goes to on-call, and no route says so",
      "group_wait of critical alerts of L1 is not set",
      "repeat_interval of critical alerts of L1 is not set",
    ],
    "a receiver that is not there": [config({ receivers: receivers.slice(1) }), "there is no receiver on-call"],
    "a critical alert that waits": [
      config({ route: first({ routes: [{ ...critical, group_wait: "5m" }] }) }),
      "group_wait of critical alerts of L1 is 5m",
    ],
    "a critical alert that calls once a day": [
      config({ route: first({ routes: [{ ...critical, repeat_interval: "24h" }] }) }),
      "repeat_interval of critical alerts of L1 is 24h",
    ],
    "a warning that calls once a week": [config({ route: { repeat_interval: "168h" } }), "route.repeat_interval is 168h"],
    "a switch that hears nothing": [config({ route: { routes } }), "no route takes the Watchdog", "repeat_interval of the Watchdog is not set"],
    "an inhibition of everything": [config({ inhibit_rules: [{ ...inhibit, equal: ["system"] }] }), "an inhibit rule hides more"],
    "no configuration": ["{", "it has no readable config file of kind alertmanager"],
  },
});
