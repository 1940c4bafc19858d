import type { Input } from "@pulumi/pulumi";
import type { FileMount } from "./spec";

/** Where a client finds the certificate of the authority that it trusts. */
export const AUTHORITY = "/etc/ssl/ultrathink/ca.crt";

/** The authority's certificate, for whoever talks to a server of the stack. */
export const authorityFile = (certificate: Input<string>): FileMount => ({ path: AUTHORITY, kind: "certificate", content: certificate });

/** Key and certificate of a server, as PEM. */
export interface ServerCertificate {
  /** PKCS #8, which Java reads as well as OpenSSL. */
  key: Input<string>;
  certificate: Input<string>;
}
