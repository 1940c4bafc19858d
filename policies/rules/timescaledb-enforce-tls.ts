import { onParts, type Part } from "../parts";
import { parsePgHba } from "../parsers/pg-hba";
import { postgresSettings } from "../parsers/postgres";
import type { StackRule } from "../rule";

const PROOFS = ["scram-sha-256", "cert"];

const isServer = ({ name, task, book }: Part) => !task && name === book?.database?.service;

/** How a part verifies the database's server, once for each way in which its environment names one. */
const modes = ({ env }: Part): (string | undefined)[] => [
  ...("PGHOST" in env || "PGSERVICE" in env ? [env["PGSSLMODE"]] : []),
  ...("DATA_SOURCE_URI" in env ? [/[?&]sslmode=([\w-]+)/.exec(env["DATA_SOURCE_URI"]!)?.[1]] : []),
];

function judgeServer({ command, files, violation }: Part): void {
  const settings = postgresSettings(command);
  const ssl = settings.get("ssl");
  if (ssl !== "on") violation(`ssl is ${ssl ?? "not set"}, on is required`, "Start the server with ssl=on, a certificate and its key");
  const path = settings.get("hba_file");
  const file = files("pg-hba").find(each => each.path === path);
  if (file?.content === undefined) {
    violation(
      `hba_file is ${path === undefined ? "not set" : `${path}, where no readable config file of kind pg-hba is`}`,
      "Give the server its pg_hba.conf as a config file of kind pg-hba and name its path",
    );
    return;
  }
  for (const { type, method } of parsePgHba(file.content)) {
    if (type !== "local" && type !== "hostssl") {
      violation(`${path} has a line of type ${type}, local and hostssl are allowed`, "Make it hostssl, or remove it");
    } else if (type === "hostssl" && !PROOFS.includes(method ?? "")) {
      violation(`${path} lets clients in from the network by ${method ?? "no method"}, ${PROOFS.join(" or ")} is required`, "Name one of them");
    }
  }
}

export const rule: StackRule = {
  name: "timescaledb-enforce-tls",
  displayName: "TLS to the database",
  description:
    "The database lets nobody in from the network without TLS and a proof that sends no password, and whoever names it in its environment verifies its certificate and name.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Start the server with ssl=on and an hba_file of hostssl lines alone, and give clients PGSSLMODE=verify-full, or sslmode=verify-full in their address.",
  tags: ["network", "secrets"],
  validateStack: onParts(
    part => isServer(part) || modes(part).length > 0,
    "no database of a book is in this stack, and nobody names one",
    part => {
      if (isServer(part)) judgeServer(part);
      for (const mode of modes(part)) {
        if (mode !== "verify-full") {
          part.violation(
            `sslmode of its connections is ${mode ?? "not set"}, verify-full is required`,
            "Set PGSSLMODE or the address' sslmode to it",
          );
        }
      }
    },
  ),
};
