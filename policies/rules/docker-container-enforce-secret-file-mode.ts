import { onContainers, type Upload } from "../docker";
import { secretIn } from "../parsers/secret";
import { known, type ResourceRule } from "../rule";

/** An upload's plain text; `undefined` where a preview does not know it, as is usual for a secret. */
function text(upload: Upload): string {
  return known(() => upload.content) ?? "";
}

export const rule: ResourceRule = {
  name: "docker-container-enforce-secret-file-mode",
  displayName: "Secret files for the service alone",
  description:
    "An uploaded file under /run/secrets, and any that holds a secret, belongs to root and is closed to others: mode 0400 where the container's user is root, 0440 where it is another, who is in root's group.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Upload the file under /run/secrets without an owner and with permissions 0440, and add group 0 to the container's user.",
  tags: ["secrets"],
  validateResource: onContainers(({ props, violation }) => {
    const root = (props.user ?? "0").split(":")[0] === "0";
    const mode = root ? "0400" : "0440";
    let secrets = false;
    for (const upload of props.uploads ?? []) {
      const found = upload.file.startsWith("/run/secrets/") ? "is under /run/secrets" : secretIn(text(upload)) && `holds ${secretIn(text(upload))}`;
      if (!found) continue;
      secrets = true;
      if (upload.permissions !== mode) {
        violation(
          `upload ${upload.file} ${found} and its mode is ${upload.permissions ?? "not set"}, ${mode} is required`,
          `Set its permissions to ${mode}`,
        );
      }
      if ((upload.owner || "0") !== "0") {
        violation(
          `upload ${upload.file} ${found} and belongs to user ${upload.owner}, root is required: Docker before version 28 refuses another owner`,
          "Leave its owner out",
        );
      }
    }
    if (secrets && !root && !props.groupAdds?.includes("0")) {
      violation(`its user ${props.user} is not in root's group, which is required to read its secret files`, 'Add "0" to its groupAdds');
    }
  }),
};
