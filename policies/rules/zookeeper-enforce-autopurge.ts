import { onParts } from "../parts";
import { parseProperties } from "../parsers/properties";
import type { StackRule } from "../rule";

/** The ensemble's own commands that the runbook's checks use; any other tells strangers more than they need. */
const COMMANDS = "srvr,ruok,mntr";

export const rule: StackRule = {
  name: "zookeeper-enforce-autopurge",
  displayName: "ZooKeeper cleans up",
  description: "ZooKeeper deletes old snapshots by itself, at least daily, and answers the runbook's own commands and no others.",
  severity: "medium",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set autopurge.purgeInterval to 1 to 24 hours, autopurge.snapRetainCount to 3 to 10, and the list of commands in the server's properties.",
  tags: ["runbook", "retention"],
  validateStack: onParts(
    ({ files }) => files("zookeeper").length > 0,
    "there is no ZooKeeper in this stack",
    ({ files, violation }) => {
      for (const { content } of files("zookeeper")) {
        const properties = parseProperties(content ?? "");
        const between = (key: string, least: number, most: number) => {
          const found = Number(properties.get(key));
          if (!(found >= least && found <= most))
            violation(`${key} is ${properties.get(key) ?? "not set"}, ${least} to ${most} is allowed`, `Set it to ${most}`);
        };
        between("autopurge.purgeInterval", 1, 24);
        between("autopurge.snapRetainCount", 3, 10);
        const commands = properties.get("4lw.commands.whitelist");
        if (commands !== COMMANDS) violation(`4lw.commands.whitelist is ${commands ?? "not set"}, ${COMMANDS} is required`, `Set it to ${COMMANDS}`);
      }
    },
  ),
};
