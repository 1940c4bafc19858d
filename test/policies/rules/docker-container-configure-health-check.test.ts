import { rule } from "../../../policies/rules/docker-container-configure-health-check";
import { UNKNOWN, container, describeContainerRule, job } from "../support";

const good = container().healthcheck!;
const fault = (found: string, mend: string) => [`container "ultrathink-timescaledb": ${found}. ${mend}.`];
const noCommand = fault(
  "it has no health check command",
  'Set healthcheck.tests to ["CMD", …] with a command that exits 0 when the service does its job',
);
const always = fault("its health check passes whatever the service does", "Let healthcheck.tests ask the service itself");

describeContainerRule(rule, {
  reports: {
    "a container without a health check": [container({ healthcheck: undefined }), noCommand],
    "a health check that is switched off": [container({ healthcheck: { ...good, tests: ["NONE"] } }), noCommand],
    "a health check without a command": [container({ healthcheck: { ...good, tests: ["CMD"] } }), noCommand],
    "a command in no form that Docker has": [container({ healthcheck: { ...good, tests: ["pg_isready", "-q"] } }), noCommand],
    "a check that always passes": [container({ healthcheck: { ...good, tests: ["CMD-SHELL", "exit 0"] } }), always],
    "an interval one second too long": [
      container({ healthcheck: { ...good, interval: "31s" } }),
      fault("healthcheck.interval is 31s, at most 30s is allowed", "Set it to 15s"),
    ],
    "no interval": [
      container({ healthcheck: { ...good, interval: undefined } }),
      fault("healthcheck.interval is not set, at most 30s is allowed", "Set it to 15s"),
    ],
    "an interval of zero, which is Docker's default of none": [
      container({ healthcheck: { ...good, interval: "0s" } }),
      fault("healthcheck.interval is 0s, at most 30s is allowed", "Set it to 15s"),
    ],
    "a timeout longer than the interval": [
      container({ healthcheck: { ...good, timeout: "16s" } }),
      fault("healthcheck.timeout is 16s, more than 0s and at most the interval is allowed", "Set it to 5s"),
    ],
    "a timeout that is no duration": [
      container({ healthcheck: { ...good, timeout: "5" } }),
      fault("healthcheck.timeout is 5, more than 0s and at most the interval is allowed", "Set it to 5s"),
    ],
    "no retries": [container({ healthcheck: { ...good, retries: 0 } }), fault("healthcheck.retries is 0, 1 to 10 is allowed", "Set it to 3")],
    "too many retries": [container({ healthcheck: { ...good, retries: 11 } }), fault("healthcheck.retries is 11, 1 to 10 is allowed", "Set it to 3")],
    "no time to start": [
      container({ healthcheck: { ...good, startPeriod: undefined } }),
      fault(
        "healthcheck.startPeriod is not set, the service's longest start-up is needed",
        "Set it to the longest start-up that is still in order, such as 60s",
      ),
    ],
    "an interval above the profile's own limit": [
      container(),
      fault("healthcheck.interval is 15s, at most 10s is allowed", "Set it to 15s"),
      { maxIntervalSeconds: 10 },
    ],
    "another container than the excepted one without a command": [
      container({ name: "ultrathink-loki", healthcheck: { tests: ["NONE"] } }),
      [
        'container "ultrathink-loki": it has no health check command. Set healthcheck.tests to ["CMD", …] with a command that exits 0 when the service does its job.',
      ],
    ],
  },
  accepts: {
    "an interval of 30 s": container({ healthcheck: { ...good, interval: "30s" } }),
    "a timeout as long as the interval": container({ healthcheck: { ...good, timeout: "15s" } }),
    "as many retries as allowed": container({ healthcheck: { ...good, retries: 10 } }),
    "a compound duration": container({ healthcheck: { ...good, startPeriod: "1m30s" } }),
    "a shell command": container({ healthcheck: { ...good, tests: ["CMD-SHELL", "curl -f http://localhost:8000/health"] } }),
    "a one-shot job without a check": job(),
    "the excepted container, whose image has no shell": container({ name: "ultrathink-loki-canary", healthcheck: { tests: ["NONE"] } }),
  },
  leavesOpen: { "a command that is not known yet": container({ healthcheck: { ...good, tests: ["CMD", UNKNOWN] } }) },
});
