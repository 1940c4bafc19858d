import { BUCKET, bookBuckets, bucketsIn, isAnybody, type Statement } from "../aws";
import { reporter } from "../report";
import type { StackRule } from "../rule";

/** Forbids everybody what is not said over TLS. */
const wantsTls = ({ Effect, Principal, Action, Condition }: Statement) =>
  Effect === "Deny" && isAnybody(Principal) && [Action].flat().includes("s3:*") && Condition?.["Bool"]?.["aws:SecureTransport"] === "false";

export const rule: StackRule = {
  name: "aws-bucket-enforce-privacy",
  displayName: "Private buckets",
  description:
    "Every bucket blocks public access in all four ways, belongs to its owner alone, keeps every version, is encrypted (the book's with a key of KMS), wants TLS, allows nobody in general, and records who asked the book's for what.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps: "Give the bucket the vault's own parts: public access block, ownership controls, versioning, encryption, policy and logging.",
  tags: ["data", "backup", "security"],
  validateStack: (args, report) => {
    if (!args.resources.some(({ type }) => type === BUCKET)) args.notApplicable("no bucket of AWS is in this stack");
    const ofBook = bookBuckets(args);
    for (const bucket of bucketsIn(args.resources)) {
      const violation = reporter("bucket", bucket.name, report, bucket.resource.urn);
      const own = ofBook.includes(bucket.name);
      if (!bucket.blocksPublic) violation("public access is not blocked in all four ways", "Give it a public access block");
      if (!bucket.ownerEnforced) violation("access lists could name strangers", "Set its ownership to BucketOwnerEnforced");
      if (!bucket.versioning) violation("it is not versioned, and what is overwritten would be lost", "Enable versioning");
      const wanted = own ? ["aws:kms", "aws:kms:dsse"] : ["aws:kms", "aws:kms:dsse", "AES256"];
      if (!wanted.includes(bucket.encryption ?? ""))
        violation(`its encryption is ${bucket.encryption ?? "not set"}, ${wanted[0]} is required`, "Encrypt it with the vault's key");
      if (!bucket.statements.some(wantsTls))
        violation("its policy does not refuse what is not said over TLS", "Deny s3:* where aws:SecureTransport is false");
      for (const { Sid } of bucket.statements.filter(({ Effect, Principal }) => Effect === "Allow" && isAnybody(Principal))) {
        violation(`statement ${Sid ?? "without a name"} of its policy allows anybody`, "Name the identities");
      }
      if (own && !bucket.logged) violation("nobody records who asked it for what", "Give it access logs");
    }
  },
};
