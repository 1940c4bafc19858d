/** Name of the root account; its secret key is generated. */
export const ACCESS_KEY = "ultrathink";

/** Where the object store's files lie in its container. */
export const objectStorePaths = {
  certificate: "/etc/ultrathink/tls.crt",
  key: "/run/secrets/tls.key",
  secretKey: "/run/secrets/object-store-secret-key",
} as const;

/**
 * Shell script that serves a folder over S3 with TLS.
 *
 * @param folder gets `data` and `versions`
 */
export function objectStoreCommand(port: number, folder: string): string {
  const { certificate, key, secretKey } = objectStorePaths;
  return [
    `mkdir -p ${folder}/data ${folder}/versions`,
    `export ROOT_ACCESS_KEY=${ACCESS_KEY} ROOT_SECRET_KEY="$(cat ${secretKey})"`,
    `exec /app/versitygw --port :${port} --health /health --cert ${certificate} --key ${key} --quiet posix --versioning-dir ${folder}/versions ${folder}/data`,
  ].join(" && ");
}
