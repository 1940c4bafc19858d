import { CONTAINER, type Container } from "../../../policies/docker";
import { rule } from "../../../policies/rules/pgbackrest-enforce-encryption";
import { UNKNOWN, container, describeContainerRule, judgeStack, resource } from "../support";

const PATH = "/etc/pgbackrest/pgbackrest.conf";
const AUTHORITY = "/etc/ssl/ultrathink/vault-ca.crt";
const label = { label: "dev.ultrathink.config.pgbackrest", value: PATH };
const good: Record<string, string> = {
  "repo1-type": "s3",
  "repo1-s3-endpoint": "vault",
  "repo1-s3-bucket": "ultrathink-backups",
  "repo1-storage-ca-file": AUTHORITY,
  "repo1-cipher-type": "aes-256-cbc",
  "repo1-retention-full-type": "time",
  "repo1-retention-full": "30",
};

function archiver(changes: Record<string, string | undefined> = {}, overrides: Container = {}): Container {
  const lines = Object.entries({ ...good, ...changes }).filter(([, value]) => value !== undefined);
  return container({
    labels: [label],
    uploads: [
      { file: PATH, content: `[global]\n${lines.map(([key, value]) => `${key}=${value}`).join("\n")}\n\n[ultrathink]\npg1-path=/data\n` },
      { file: AUTHORITY, content: UNKNOWN },
    ],
    ...overrides,
  });
}
const message = (found: string, mend: string) => `container "ultrathink-timescaledb": ${found}. ${mend}.`;
const wrong = (key: string, found: string, value: string) => message(`${key} is ${found} in ${PATH}, ${value} is required`, `Set ${key}=${value}`);
const days = (found: string) => message(`repo1-retention-full is ${found} in ${PATH}, at least 30 days are required`, "Set repo1-retention-full=30");
const authority = (found: string) =>
  message(`repo1-storage-ca-file is ${found}, the vault's authority is required`, "Give it the authority's certificate and name its path");
const secret = (key: string) =>
  message(`${key} stands in ${PATH}, which anybody may read`, "Move it into a secret file under /etc/pgbackrest/conf.d");

describeContainerRule(rule, {
  reports: {
    "a repository that is not encrypted": [archiver({ "repo1-cipher-type": undefined }), [wrong("repo1-cipher-type", "not set", "aes-256-cbc")]],
    "an encryption that is none": [archiver({ "repo1-cipher-type": "none" }), [wrong("repo1-cipher-type", "none", "aes-256-cbc")]],
    "a repository on the server's own disk": [archiver({ "repo1-type": "posix" }), [wrong("repo1-type", "posix", "s3")]],
    "another bucket": [archiver({ "repo1-s3-bucket": "elsewhere" }), [wrong("repo1-s3-bucket", "elsewhere", "ultrathink-backups")]],
    "certificates that are not verified": [
      archiver({ "repo1-storage-verify-tls": "n" }),
      [message(`repo1-storage-verify-tls is n in ${PATH}, y is required`, "Remove it")],
    ],
    "the same by the option's older name": [
      archiver({ "repo1-s3-verify-tls": "n" }),
      [message(`repo1-s3-verify-tls is n in ${PATH}, y is required`, "Remove it")],
    ],
    "no authority": [archiver({ "repo1-storage-ca-file": undefined }), [authority("not set")]],
    "an authority that is not there": [archiver({ "repo1-storage-ca-file": "/x.crt" }), [authority("/x.crt, where no file is")]],
    "a day too little": [archiver({ "repo1-retention-full": "29" }), [days("29")]],
    "no retention, with which nothing is ever deleted": [archiver({ "repo1-retention-full": undefined }), [days("not set")]],
    "thirty backups instead of thirty days": [
      archiver({ "repo1-retention-full-type": "count" }),
      [wrong("repo1-retention-full-type", "count", "time")],
    ],
    "its passphrase in the plain file": [archiver({ "repo1-cipher-pass": "x" }), [secret("repo1-cipher-pass")]],
    "its key in the plain file": [archiver({ "repo1-s3-key-secret": "x" }), [secret("repo1-s3-key-secret")]],
    "a second repository": [
      archiver({ "repo2-type": "posix" }),
      [message(`${PATH} has a second repository (repo2-type), which no book knows`, "Remove it")],
    ],
    "an environment that overrides the file": [
      archiver({}, { envs: ["PGBACKREST_REPO1_CIPHER_TYPE=none"] }),
      [message("its environment sets PGBACKREST_REPO1_CIPHER_TYPE, which overrides pgbackrest.conf", "Set it in pgbackrest.conf")],
    ],
    "a label whose path is not uploaded": [
      archiver({}, { uploads: [] }),
      [message(`${PATH} is not plain text`, "Write it in plain text, and what is secret apart from it")],
    ],
  },
  accepts: {
    "the book's repository": archiver(),
    "a longer retention": archiver({ "repo1-retention-full": "60" }),
    "verification that is said aloud": archiver({ "repo1-storage-verify-tls": "y" }),
  },
  leavesOpen: {
    "a configuration that is not known yet": archiver({}, { uploads: [{ file: PATH, content: UNKNOWN }] }),
  },
});

describe("in AWS", () => {
  const judged = (stack: string, bucket: string, changes: Record<string, string | undefined> = {}) => {
    const s3 = { "repo1-s3-endpoint": "s3.us-east-1.amazonaws.com", "repo1-storage-ca-file": undefined, "repo1-s3-key-type": "web-id" };
    return judgeStack(rule, [resource(CONTAINER, archiver({ ...s3, "repo1-s3-bucket": bucket, ...changes }), { stack })]).violations;
  };

  it("asks for the role of the pod", () => {
    expect(judged("prod", "ultrathink-backups", { "repo1-s3-key-type": undefined })).toEqual([wrong("repo1-s3-key-type", "not set", "web-id")]);
  });

  it.each([
    ["prod", "ultrathink-backups", "ultrathink-backups-staging"],
    ["staging", "ultrathink-backups-staging", "ultrathink-backups"],
  ])("asks %s for its own bucket, %s", (stack, own, other) => {
    expect(judged(stack, own)).toEqual([]);
    expect(judged(stack, other)).toEqual([wrong("repo1-s3-bucket", other, own)]);
  });
});

it("does not apply to a container without pgBackRest", () => {
  expect(judgeStack(rule, [resource(CONTAINER, container())])).toEqual({ violations: [], notApplicable: "nothing in this stack has pgBackRest" });
});
