import type { IAM } from "@aws-sdk/client-iam";
import type { KMS } from "@aws-sdk/client-kms";
import type { S3 } from "@aws-sdk/client-s3";

/** Makes a client when it is first asked for: most runs ask for none, and the libraries are large. */
function lazy<Client>(make: () => Promise<Client>): () => Promise<Client> {
  let client: Promise<Client> | undefined;
  return () => {
    if (!process.env.AWS_ENDPOINT_URL) {
      throw new Error(
        "the sandbox's stand-in for the aws plugin talks to a local server alone, which AWS_ENDPOINT_URL has to name; use the official plugin to reach AWS",
      );
    }
    return (client ??= make());
  };
}

export const s3 = lazy<S3>(async () => new (await import("@aws-sdk/client-s3")).S3({ forcePathStyle: true }));
export const kms = lazy<KMS>(async () => new (await import("@aws-sdk/client-kms")).KMS());
export const iam = lazy<IAM>(async () => new (await import("@aws-sdk/client-iam")).IAM());

/** The answer, or undefined where AWS says that there is no such thing. */
export async function orMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (
      /^(NotFound|NoSuch|ServerSideEncryptionConfigurationNotFound|ObjectLockConfigurationNotFound|OwnershipControlsNotFound)/.test(
        (error as Error).name,
      )
    ) {
      return undefined;
    }
    throw error;
  }
}
