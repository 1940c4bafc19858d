import { X509Certificate, createPrivateKey } from "node:crypto";
import { reveal, secret } from "../../../../sandbox/providers/bridge/values";
import { standIns } from "../../../../sandbox/providers/standIns";

const urns = {
  privateKey: "urn:pulumi:dev::project::tls:index/privateKey:PrivateKey::x",
  selfSignedCert: "urn:pulumi:dev::project::tls:index/selfSignedCert:SelfSignedCert::x",
  certRequest: "urn:pulumi:dev::project::tls:index/certRequest:CertRequest::x",
  locallySignedCert: "urn:pulumi:dev::project::tls:index/locallySignedCert:LocallySignedCert::x",
};
const HOUR = 3_600_000;

async function make(kind: keyof typeof urns, news: object) {
  const { inputs, failures } = await standIns.check(urns[kind], {}, news);
  expect(failures).toEqual([]);
  const { outs } = await standIns.create(urns[kind], inputs);
  return { inputs, outs, plain: reveal(outs) };
}

async function authority(algorithm: object = { algorithm: "ECDSA", ecdsaCurve: "P256" }) {
  const { plain: key } = await make("privateKey", algorithm);
  const { plain: cert } = await make("selfSignedCert", {
    privateKeyPem: secret(key.privateKeyPem),
    isCaCertificate: true,
    validityPeriodHours: 48,
    allowedUses: ["cert_signing", "crl_signing"],
    subject: { commonName: "test authority", organization: "test" },
  });
  return { caPrivateKeyPem: secret(key.privateKeyPem), caCertPem: cert.certPem as string };
}

async function serverCertificate(issuer: Awaited<ReturnType<typeof authority>>, more: object = {}) {
  const { plain: key } = await make("privateKey", { algorithm: "ECDSA", ecdsaCurve: "P256" });
  const { plain: request } = await make("certRequest", {
    privateKeyPem: secret(key.privateKeyPem),
    subject: { commonName: "object-store" },
    dnsNames: ["object-store", "localhost"],
    ipAddresses: ["127.0.0.1"],
  });
  const asked = {
    ...issuer,
    certRequestPem: request.certRequestPem,
    validityPeriodHours: 24,
    allowedUses: ["digital_signature", "server_auth"],
    ...more,
  };
  return { key, ...(await make("locallySignedCert", asked)) };
}

it.each([
  [{ algorithm: "ECDSA", ecdsaCurve: "P256" }, "ec"],
  [{ algorithm: "ECDSA", ecdsaCurve: "P384" }, "ec"],
  [{ algorithm: "RSA", rsaBits: 2048 }, "rsa"],
])("an authority with a key %j signs a server's certificate that verifies, for its names and its time", async (algorithm, type) => {
  const issuer = await authority(algorithm);
  const { key, plain } = await serverCertificate(issuer);
  const ca = new X509Certificate(issuer.caCertPem);
  const server = new X509Certificate(plain.certPem);

  expect(createPrivateKey(reveal(issuer.caPrivateKeyPem)).asymmetricKeyType).toBe(type);
  expect(ca.ca).toBe(true);
  expect(ca.verify(ca.publicKey)).toBe(true);
  expect(server.ca).toBe(false);
  expect(server.verify(ca.publicKey)).toBe(true);
  expect(server.checkIssued(ca)).toBe(true);
  expect(server.checkPrivateKey(createPrivateKey(key.privateKeyPem))).toBe(true);
  expect(server.subjectAltName).toBe("DNS:object-store, DNS:localhost, IP Address:127.0.0.1");
  expect(server.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  expect(Date.parse(server.validTo) - Date.parse(server.validFrom)).toBe(24 * HOUR);
  expect(plain.validityEndTime).toBe(new Date(server.validTo).toISOString().replace(".000", ""));
});

it("keeps private keys secret in every output", async () => {
  const issuer = await authority();
  const { outs } = await serverCertificate(issuer);
  const key = await make("privateKey", { algorithm: "RSA" });

  expect(outs.caPrivateKeyPem).toEqual(issuer.caPrivateKeyPem);
  expect(key.outs.privateKeyPem).toEqual(secret(expect.stringMatching(/^-----BEGIN RSA PRIVATE KEY-----/)));
  expect(key.outs.privateKeyPemPkcs8).toEqual(secret(expect.stringMatching(/^-----BEGIN PRIVATE KEY-----/)));
});

it("is replaced when the time before its end that the program asks for has come, not before", async () => {
  const { outs, inputs } = await serverCertificate(await authority(), { earlyRenewalHours: 23 });
  const at = async (hours: number) => {
    jest.useFakeTimers({ now: Date.now() + hours * HOUR });
    try {
      return (await standIns.diff("x", urns.locallySignedCert, outs, inputs)).replaces;
    } finally {
      jest.useRealTimers();
    }
  };

  expect(await at(0.9)).toEqual([]);
  expect(await at(1.1)).toEqual(["readyForRenewal"]);
});

it("updates in place when only the renewal time changes, and is replaced for other names", async () => {
  const { outs, inputs } = await serverCertificate(await authority());
  expect(await standIns.diff("x", urns.locallySignedCert, outs, { ...inputs, earlyRenewalHours: 2 })).toMatchObject({ changes: true, replaces: [] });
  expect(await standIns.diff("x", urns.locallySignedCert, outs, { ...inputs, validityPeriodHours: 25 })).toMatchObject({
    replaces: ["validityPeriodHours"],
  });
});

it.each([
  ["privateKey", { algorithm: "ED25519" }, /the official plugin only/],
  ["privateKey", { algorithm: "ECDSA" }, /P224, is not to be had in the sandbox: name P256/],
  ["selfSignedCert", { privateKeyPem: "x", validityPeriodHours: 1, allowedUses: ["flying"] }, /"flying" is not allowed/],
] as const)("refuses a %s %j", async (kind, inputs, reason) => {
  expect((await standIns.check(urns[kind], {}, inputs)).failures).toEqual([expect.objectContaining({ reason: expect.stringMatching(reason) })]);
});
