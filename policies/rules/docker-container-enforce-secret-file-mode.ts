import { onContainers, type Upload } from "../docker";
import { secretIn } from "../parsers/secret";
import { known, type ResourceRule } from "../rule";

/** An upload's plain text; `undefined` where a preview does not know it, as is usual for a secret. */
function text(upload: Upload): string {
  return known(() => upload.content) ?? "";
}

export const rule: ResourceRule = {
  name: "docker-container-enforce-secret-file-mode",
  displayName: "Secret files of mode 0400",
  description: "An uploaded file under /run/secrets, and any that holds a secret, has mode 0400 and belongs to the container's user.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Upload the file under /run/secrets with permissions 0400, owned by the container's user.",
  tags: ["secrets"],
  validateResource: onContainers(({ props, violation }) => {
    const user = (props.user ?? "0").split(":")[0]!;
    for (const upload of props.uploads ?? []) {
      const found = upload.file.startsWith("/run/secrets/") ? "is under /run/secrets" : secretIn(text(upload)) && `holds ${secretIn(text(upload))}`;
      if (!found) continue;
      if (upload.permissions !== "0400") {
        violation(
          `upload ${upload.file} ${found} and its mode is ${upload.permissions ?? "not set"}, 0400 is required`,
          "Set its permissions to 0400",
        );
      }
      if ((upload.owner ?? "0") !== user) {
        violation(
          `upload ${upload.file} ${found} and belongs to user ${upload.owner ?? "0"}, the container's user ${user} is required`,
          `Set its owner to ${user}`,
        );
      }
    }
  }),
};
