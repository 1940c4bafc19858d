import { rule } from "../../../policies/rules/docker-container-enforce-secret-file-mode";
import { UNKNOWN, container, describeContainerRule, judge } from "../support";

const secret = { file: "/run/secrets/password", content: "hunter2", permissions: "0440" };
const config = { file: "/etc/app.conf", content: "level = info", permissions: "0444" };
const mode = (file: string, why: string, found: string, required = "0440") =>
  `container "ultrathink-timescaledb": upload ${file} ${why} and its mode is ${found}, ${required} is required. Set its permissions to ${required}.`;
const owner = (found: string) =>
  `container "ultrathink-timescaledb": upload /run/secrets/password is under /run/secrets and belongs to user ${found}, root is required: Docker before version 28 refuses another owner. Leave its owner out.`;
const group = `container "ultrathink-timescaledb": its user 1000:1000 is not in root's group, which is required to read its secret files. Add "0" to its groupAdds.`;

describeContainerRule(rule, {
  reports: {
    "a readable secret": [container({ uploads: [config, { ...secret, permissions: "0444" }] }), [mode(secret.file, "is under /run/secrets", "0444")]],
    "a secret without a mode": [
      container({ uploads: [{ ...secret, permissions: undefined }] }),
      [mode(secret.file, "is under /run/secrets", "not set")],
    ],
    "a secret of another user than root": [container({ uploads: [{ ...secret, owner: "1000" }] }), [owner("1000")]],
    "a secret that the container's user cannot read": [container({ groupAdds: [], uploads: [secret] }), [group]],
    "a secret of root's own container that its group reads": [
      container({ user: "0:0", uploads: [secret] }),
      [mode(secret.file, "is under /run/secrets", "0440", "0400")],
    ],
    "the mode of a secret that is not known yet": [
      container({ uploads: [{ ...secret, content: UNKNOWN, permissions: "0444" }] }),
      [mode(secret.file, "is under /run/secrets", "0444")],
    ],
    "a private key elsewhere": [
      container({ uploads: [{ file: "/etc/tls.key", content: `-----BEGIN ${"RSA PRIVATE KEY"}-----\nabc`, permissions: "0444" }] }),
      [mode("/etc/tls.key", "holds a private key", "0444")],
    ],
    "a password in a configuration": [
      container({ uploads: [{ ...config, content: "port 6379\nrequirepass=hunter2" }] }),
      [mode("/etc/app.conf", "holds a literal password", "0444")],
    ],
  },
  accepts: {
    "SQL whose password is a variable of psql": container({ uploads: [{ ...config, content: "ALTER ROLE grafana PASSWORD :'password';" }] }),
    "a configuration that names a secret's file": container({ uploads: [{ ...config, content: "password_file: /run/secrets/password" }] }),
    "a secret of root's own container": container({ user: "0:0", groupAdds: [], uploads: [{ ...secret, permissions: "0400", owner: "0" }] }),
    "a container without secrets, in no group": container({ groupAdds: [], uploads: [config] }),
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
  expect(violations).toHaveLength(2);
  expect(violations.join()).not.toContain("hunter2");
});
