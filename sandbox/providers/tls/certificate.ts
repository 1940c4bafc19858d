import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsageExtension,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  type Extension,
  type JsonName,
} from "@peculiar/x509";
import type { Props } from "../bridge/values";
import type { SigningAlgorithm } from "./keys";
import { extendedUses, keyUses } from "./uses";

cryptoProvider.set(webcrypto);

const HOUR_MS = 3_600_000;

/** What a certificate is made from. */
export interface Request {
  inputs: Props;
  subject: JsonName | string;
  issuer: JsonName | string;
  publicKey: webcrypto.CryptoKey;
  /** The issuer's own key; its public half is named in the certificate unless it signs itself. */
  signer: webcrypto.CryptoKeyPair;
  signingAlgorithm: SigningAlgorithm;
  alternativeNames: Extension[];
}

async function extensions(request: Request): Promise<Extension[]> {
  const { inputs } = request;
  const uses = inputs.allowedUses as string[];
  const flags = uses.reduce((all, use) => all | (keyUses[use] ?? 0), 0);
  const extended = uses.filter(use => use in extendedUses).map(use => extendedUses[use]!);
  const selfSigned = request.publicKey === request.signer.publicKey;
  return [
    new BasicConstraintsExtension(inputs.isCaCertificate, inputs.maxPathLength, true),
    ...(flags ? [new KeyUsagesExtension(flags, true)] : []),
    ...(extended.length ? [new ExtendedKeyUsageExtension(extended)] : []),
    // A certificate that signs others always names its key: verifiers build the chain by it.
    ...(inputs.setSubjectKeyId || inputs.isCaCertificate ? [await SubjectKeyIdentifierExtension.create(request.publicKey)] : []),
    ...(!selfSigned || inputs.setAuthorityKeyId ? [await AuthorityKeyIdentifierExtension.create(request.signer.publicKey)] : []),
    ...request.alternativeNames,
  ];
}

/** Makes a certificate. @returns its id and the outputs that all certificates share */
export async function issue(request: Request): Promise<{ id: string; outputs: Props }> {
  const notBefore = new Date(Math.floor(Date.now() / 1000) * 1000);
  const notAfter = new Date(notBefore.getTime() + request.inputs.validityPeriodHours * HOUR_MS);
  // The top bit stays clear: serial numbers are positive.
  const serial = randomBytes(16);
  serial[0]! &= 0x7f;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial.toString("hex"),
    subject: request.subject,
    issuer: request.issuer,
    notBefore,
    notAfter,
    publicKey: request.publicKey,
    signingKey: request.signer.privateKey,
    signingAlgorithm: request.signingAlgorithm,
    extensions: await extensions(request),
  });
  return {
    id: BigInt(`0x${serial.toString("hex")}`).toString(),
    outputs: {
      certPem: `${certificate.toString("pem")}\n`,
      validityStartTime: notBefore.toISOString().replace(".000Z", "Z"),
      validityEndTime: notAfter.toISOString().replace(".000Z", "Z"),
      readyForRenewal: renewalDue({ validityEndTime: notAfter }, request.inputs),
    },
  };
}

/** True from `earlyRenewalHours` before the end on: the next `up` then replaces the certificate. */
export function renewalDue(state: Props, inputs: Props): boolean {
  const end = new Date(state.validityEndTime).getTime();
  return Date.now() >= end - (inputs.earlyRenewalHours ?? 0) * HOUR_MS;
}

/** How certificates of both kinds live: never changed, replaced when an input changes or their time comes. */
export const certificateLife = {
  secretOutputs: ["privateKeyPem", "caPrivateKeyPem"],
  outdated: (state: Props, inputs: Props) => (renewalDue(state, inputs) ? ["readyForRenewal"] : []),
  async read(id: string, state: Props) {
    return { id, state: { ...state, readyForRenewal: renewalDue(state, state) } };
  },
  async remove() {},
};
