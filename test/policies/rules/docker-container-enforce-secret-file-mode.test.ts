import { rule } from "../../../policies/rules/docker-container-enforce-secret-file-mode";
import { UNKNOWN, container, describeContainerRule, judge } from "../support";

const secret = { file: "/run/secrets/password", content: "hunter2", permissions: "0400", owner: "1000" };
const config = { file: "/etc/app.conf", content: "level = info", permissions: "0444" };
const mode = (file: string, why: string, found: string) =>
  `container "ultrathink-timescaledb": upload ${file} ${why} and its mode is ${found}, 0400 is required. Set its permissions to 0400.`;
const owner = (found: string) =>
  `container "ultrathink-timescaledb": upload /run/secrets/password is under /run/secrets and belongs to user ${found}, the container's user 1000 is required. Set its owner to 1000.`;

describeContainerRule(rule, {
  reports: {
    "a readable secret": [container({ uploads: [config, { ...secret, permissions: "0444" }] }), [mode(secret.file, "is under /run/secrets", "0444")]],
    "a secret without a mode": [
      container({ uploads: [{ ...secret, permissions: undefined }] }),
      [mode(secret.file, "is under /run/secrets", "not set")],
    ],
    "a secret of another user": [container({ uploads: [{ ...secret, owner: "999" }] }), [owner("999")]],
    "a secret of root": [container({ uploads: [{ ...secret, owner: undefined }] }), [owner("0")]],
    "the mode of a secret that is not known yet": [
      container({ uploads: [{ ...secret, content: UNKNOWN, permissions: "0440" }] }),
      [mode(secret.file, "is under /run/secrets", "0440")],
    ],
    "a private key elsewhere": [
      container({ uploads: [{ file: "/etc/tls.key", content: `-----BEGIN ${"RSA PRIVATE KEY"}-----\nabc`, permissions: "0444", owner: "1000" }] }),
      [mode("/etc/tls.key", "holds a private key", "0444")],
    ],
    "a password in a configuration": [
      container({ uploads: [{ ...config, content: "port 6379\nrequirepass=hunter2", owner: "1000" }] }),
      [mode("/etc/app.conf", "holds a literal password", "0444")],
    ],
  },
  accepts: {
    "SQL whose password is a variable of psql": container({ uploads: [{ ...config, content: "ALTER ROLE grafana PASSWORD :'password';" }] }),
    "a configuration that names a secret's file": container({ uploads: [{ ...config, content: "password_file: /run/secrets/password" }] }),
    "a secret of root's own container": container({ user: "0:0", uploads: [{ ...secret, owner: "0" }] }),
  },
  leavesOpen: { "the content of a file that is not known yet": container({ uploads: [{ ...config, content: UNKNOWN }] }) },
});

it("never repeats a file's content", () => {
  const { violations } = judge(
    rule,
    container({
      uploads: [
        { ...config, content: "requirepass=hunter2" },
        { ...secret, permissions: "0444" },
      ],
    }),
  );
  expect(violations).toHaveLength(3);
  expect(violations.join()).not.toContain("hunter2");
});
