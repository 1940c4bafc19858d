import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { ServerCertificate } from "./authority";

const YEAR_HOURS = 8760;
/** An `up` within the last 30 days of a certificate renews it. */
const EARLY_RENEWAL_HOURS = 720;

/** The stack's own certificate authority and the server certificates that it signs. The authority's key never leaves the state and is protected. */
export class CertificateAuthority extends pulumi.ComponentResource {
  /** PEM of the authority's certificate, which clients trust. */
  public readonly certificate: pulumi.Output<string>;
  private readonly key: tls.PrivateKey;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("ultrathink:certificates:CertificateAuthority", name, {}, opts);
    this.key = new tls.PrivateKey(`${name}-key`, { algorithm: "ECDSA", ecdsaCurve: "P256" }, { parent: this, protect: true });
    this.certificate = new tls.SelfSignedCert(
      `${name}-certificate`,
      {
        privateKeyPem: this.key.privateKeyPem,
        subject: { commonName: `${name} certificate authority` },
        isCaCertificate: true,
        validityPeriodHours: 10 * YEAR_HOURS,
        earlyRenewalHours: EARLY_RENEWAL_HOURS,
        allowedUses: ["cert_signing", "crl_signing"],
      },
      { parent: this },
    ).certPem;
    this.registerOutputs({ certificate: this.certificate });
  }

  /** Key and certificate of a server that answers under these DNS names. Valid for a year. */
  server(name: string, dnsNames: string[]): ServerCertificate {
    const key = new tls.PrivateKey(`${name}-key`, { algorithm: "ECDSA", ecdsaCurve: "P256" }, { parent: this });
    const request = new tls.CertRequest(
      `${name}-request`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: dnsNames[0] },
        dnsNames,
      },
      { parent: this },
    );
    const signed = new tls.LocallySignedCert(
      `${name}-certificate`,
      {
        certRequestPem: request.certRequestPem,
        caPrivateKeyPem: this.key.privateKeyPem,
        caCertPem: this.certificate,
        validityPeriodHours: YEAR_HOURS,
        earlyRenewalHours: EARLY_RENEWAL_HOURS,
        allowedUses: ["digital_signature", "key_encipherment", "server_auth"],
      },
      { parent: this },
    );
    return { key: key.privateKeyPemPkcs8, certificate: signed.certPem };
  }
}
