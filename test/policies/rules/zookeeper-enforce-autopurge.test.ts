import { rule } from "../../../policies/rules/zookeeper-enforce-autopurge";
import { describeFileRule } from "../support";

const properties = (interval: string, count: string, commands = "srvr,ruok,mntr") =>
  `autopurge.purgeInterval=${interval}\nautopurge.snapRetainCount=${count}\n4lw.commands.whitelist=${commands}\n`;

describeFileRule(rule, {
  service: "zookeeper",
  kind: "zookeeper",
  accepts: { "a daily purge": properties("24", "3") },
  reports: {
    "no purge": [properties("0", "3"), "autopurge.purgeInterval is 0, 1 to 24 is allowed"],
    "one snapshot alone": [properties("24", "1"), "autopurge.snapRetainCount is 1, 3 to 10 is allowed"],
    "every command": [properties("24", "3", "*"), "4lw.commands.whitelist is *, srvr,ruok,mntr is required"],
  },
});
