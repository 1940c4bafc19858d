import type { ReportViolation } from "@pulumi/policy";

/** Every message has this shape: which resource, what was found against what is allowed, how to mend it. */
export function reporter(kind: string, name: string, report: ReportViolation, urn?: string): (found: string, mend: string) => void {
  return (found, mend) => report(`${kind} "${name}": ${found}. ${mend}.`, urn);
}
