import { books } from "../books";
import { SERVICE_ACCOUNT, nameOf, onPods } from "../kubernetes";
import { reporter } from "../report";
import type { ResourceRule } from "../rule";

const MAX_SECONDS = 3600;

const pods = onPods(({ name, spec, violation }) => {
  if (spec.automountServiceAccountToken !== false) violation("automountServiceAccountToken is not false", "Set it to false");
  if (!spec.serviceAccountName || spec.serviceAccountName === "default") {
    violation(`its account is ${spec.serviceAccountName ?? "not set"}, one of its own is required`, "Set serviceAccountName");
  }
  const tokens = (spec.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? []).flatMap(source => source.serviceAccountToken ?? []);
  if (tokens.length > 0 && !books.some(book => name in (book.tokens ?? {}))) {
    violation("it mounts a token, and no book says that it asks the API for something", "Remove the token, or add it to the book's tokens");
  }
  for (const { expirationSeconds } of tokens) {
    if (!(expirationSeconds! <= MAX_SECONDS))
      violation(`its token lives ${expirationSeconds ?? "an unknown number of"} s, at most ${MAX_SECONDS} is allowed`, "Shorten it");
  }
});

export const rule: ResourceRule = {
  name: "kubernetes-pod-disallow-token",
  displayName: "No token of the API",
  description:
    "No pod and no service account mounts a token by itself, every pod has an account of its own, and only the parts of the book that ask the API for something have a token, for an hour at most.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set automountServiceAccountToken to false on pod and account, name an account, and remove the token; a part that asks the API stands in the book.",
  tags: ["hardening", "secrets"],
  validateResource: (args, report) => {
    if (args.type !== SERVICE_ACCOUNT) return pods(args, report);
    if (args.props["automountServiceAccountToken"] !== false) {
      reporter(
        "ServiceAccount",
        nameOf(args),
        report,
      )("automountServiceAccountToken is not false, and every pod of it would get a token", "Set it to false");
    }
    return undefined;
  },
};
