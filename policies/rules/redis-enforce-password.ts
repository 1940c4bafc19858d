import { onParts, onlyText } from "../parts";
import { parseRedisConf } from "../parsers/redis-conf";
import type { StackRule } from "../rule";

/** Folder of the secret files, whose modes other rules judge. Redis does not start without a file that it includes. */
const SECRETS = "/run/secrets/";

export const rule: StackRule = {
  name: "redis-enforce-password",
  displayName: "A password for Redis",
  description:
    "Redis takes its password from a file of its own that redis.conf includes: without requirepass it answers whoever reaches its port, and in redis.conf everybody could read it.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Mount a secret file with a line requirepass, and include it in redis.conf.",
  tags: ["network", "secrets"],
  validateStack: onParts(
    ({ name, book, files }) => book?.redis?.[name] !== undefined || files("redis").length > 0,
    "there is no Redis",
    part => {
      const text = onlyText(part, "redis", "Give it redis.conf as plain text");
      if (text === undefined) return;
      const { includes, plainPassword } = parseRedisConf(text);
      if (plainPassword) part.violation("redis.conf holds its password in plain text", "Move requirepass to a secret file that redis.conf includes");
      else if (!includes.some(path => path.startsWith(SECRETS))) {
        part.violation(
          `redis.conf includes ${includes.join(", ") || "no file"}, one in ${SECRETS} with the password is required`,
          "Include a mounted secret file with requirepass",
        );
      }
    },
  ),
};
