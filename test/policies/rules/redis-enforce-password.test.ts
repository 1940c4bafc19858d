import { CONTAINER } from "../../../policies/docker";
import { rule } from "../../../policies/rules/redis-enforce-password";
import { UNKNOWN, container, describeContainerRule, judgeStack, resource } from "../support";

const path = "/usr/local/etc/redis/redis.conf";
const auth = "/run/secrets/redis-auth.conf";
const label = { label: "dev.ultrathink.config.redis", value: path };

const redis = (lines: string[]) =>
  container({ name: "ultrathink-redis", labels: [label], uploads: [{ file: path, content: `${lines.join("\n")}\n` }] });
const message = (found: string, mend: string) => [`container "ultrathink-redis": ${found}. ${mend}.`];
const open = (included: string) =>
  message(`redis.conf includes ${included}, one in /run/secrets/ with the password is required`, "Include a mounted secret file with requirepass");

describeContainerRule(rule, {
  reports: {
    "a Redis without a password": [redis(["maxmemory 1gb"]), open("no file")],
    "a file that everybody can read": [redis(["include /etc/other.conf"]), open("/etc/other.conf")],
    "an include that is a comment": [redis([`# include ${auth}`]), open("no file")],
    "a password that everybody can read": [
      redis([`include ${auth}`, "requirepass hunter2"]),
      message("redis.conf holds its password in plain text", "Move requirepass to a secret file that redis.conf includes"),
    ],
    "a Redis of the book without its configuration": [
      container({ name: "ultrathink-redis", labels: [] }),
      message("it has 0 readable config files of kind redis, exactly 1 is required", "Give it redis.conf as plain text"),
    ],
  },
  accepts: { "a password in a file of its own": redis(["maxmemory 1gb", `include ${auth}`]) },
  leavesOpen: {
    "a configuration that is not known yet": container({ name: "ultrathink-redis", labels: [label], uploads: [{ file: path, content: UNKNOWN }] }),
  },
});

it("judges a Redis that no book has, by its label", () => {
  expect(judgeStack(rule, [resource(CONTAINER, { ...redis([]), name: "other" })]).violations).toEqual(
    open("no file").map(text => text.replace("ultrathink-redis", "other")),
  );
});

it("does not apply to a container that is no Redis", () => {
  expect(judgeStack(rule, [resource(CONTAINER, container())])).toEqual({ violations: [], notApplicable: "there is no Redis" });
});
