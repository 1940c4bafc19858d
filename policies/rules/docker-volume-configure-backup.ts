import { books } from "../books";
import { VOLUME } from "../docker";
import { reporter } from "../report";
import type { ResourceRule } from "../rule";

export const rule: ResourceRule = {
  name: "docker-volume-configure-backup",
  displayName: "A backup, or a reason",
  description: "Every volume stands in a book with the backup job that takes it, or with the reason why it needs none.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Give the volume a backup in the system's declaration, or write there why it has none, and write the same into the pack's book.",
  tags: ["data", "backup"],
  validateResource: (args, report) => {
    if (args.type !== VOLUME) args.notApplicable(`judges ${VOLUME} only`);
    const name = args.props.name as string;
    if (books.some(({ volumes, scratchVolumes }) => name in volumes || scratchVolumes.includes(name))) return;
    reporter(
      "volume",
      name,
      report,
    )("no book says which backup takes it, or why it needs none", "Add it to the volumes of the declaration and of the pack's book");
  },
};
