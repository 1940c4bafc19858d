import { bucketAt, isS3 } from "../aws";
import { onParts } from "../parts";
import { parseProperties } from "../parsers/properties";
import type { StackRule } from "../rule";

const SECRET = /^repo\d+-(cipher-pass|s3-key|s3-key-secret|s3-token)$/;

export const rule: StackRule = {
  name: "pgbackrest-enforce-encryption",
  displayName: "Encrypted repository",
  description:
    "Every pgBackRest encrypts its repository, verifies the certificate of the vault, keeps full backups as long as the book says, and has its keys in secret files; its plain configuration shows it.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set repo1-cipher-type, repo1-storage-ca-file and the retention in pgbackrest.conf, and move what is secret into a file of mode 0400 under /etc/pgbackrest/conf.d.",
  tags: ["data", "backup", "secrets", "retention"],
  validateStack: onParts(
    ({ files }) => files("pgbackrest").length > 0,
    "nothing in this stack has pgBackRest",
    ({ row, book, env, files, hasFile, violation }, args) => {
      const backups = row && book?.backups;
      for (const key of Object.keys(env).filter(name => name.startsWith("PGBACKREST_"))) {
        violation(`its environment sets ${key}, which overrides pgbackrest.conf`, "Set it in pgbackrest.conf");
      }
      for (const { path, content } of files("pgbackrest")) {
        if (content === undefined) {
          violation(`${path} is not plain text`, "Write it in plain text, and what is secret apart from it");
          continue;
        }
        const options = parseProperties(content);
        const require = (key: string, value: string) => {
          const found = options.get(key);
          if (found !== value) violation(`${key} is ${found ?? "not set"} in ${path}, ${value} is required`, `Set ${key}=${value}`);
        };
        require("repo1-type", "s3");
        require("repo1-cipher-type", "aes-256-cbc");
        require("repo1-retention-full-type", "time");
        const endpoint = options.get("repo1-s3-endpoint");
        if (backups) require("repo1-s3-bucket", bucketAt(endpoint, args, backups.buckets.locked));
        const days = Number(options.get("repo1-retention-full") ?? Number.NaN);
        if (backups && !(days >= backups.fullDays)) {
          violation(
            `repo1-retention-full is ${options.get("repo1-retention-full") ?? "not set"} in ${path}, at least ${backups.fullDays} days are required`,
            `Set repo1-retention-full=${backups.fullDays}`,
          );
        }
        const authority = options.get("repo1-storage-ca-file");
        // AWS' certificates are the system's to verify, and its keys those of the pod's role.
        if (isS3(endpoint)) require("repo1-s3-key-type", "web-id");
        else if (authority === undefined || !hasFile(authority)) {
          violation(
            `repo1-storage-ca-file is ${authority === undefined ? "not set" : `${authority}, where no file is`}, the vault's authority is required`,
            "Give it the authority's certificate and name its path",
          );
        }
        for (const [key, value] of options) {
          if (/^repo\d+-\w+-verify-tls$/.test(key) && value !== "y") violation(`${key} is ${value} in ${path}, y is required`, "Remove it");
          if (/^repo[2-9]-/.test(key)) violation(`${path} has a second repository (${key}), which no book knows`, "Remove it");
          if (SECRET.test(key))
            violation(`${key} stands in ${path}, which anybody may read`, "Move it into a secret file under /etc/pgbackrest/conf.d");
        }
      }
    },
  ),
};
