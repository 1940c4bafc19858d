import "reflect-metadata";
import type { webcrypto } from "node:crypto";
import { Pkcs10CertificateRequest, SubjectAlternativeNameExtension, X509Certificate } from "@peculiar/x509";
import { int, required, replaces, string } from "../bridge/schema";
import type { ResourceType } from "../bridge/resource";
import { certificateLife, issue } from "./certificate";
import { signerOf } from "./keys";
import { certificateSchema } from "./schema";

/** `tls.LocallySignedCert`: a certificate for a request, signed by one of the program's own authorities. */
export const locallySignedCert: ResourceType = {
  schema: {
    ...certificateSchema,
    certRequestPem: string({ ...required, ...replaces }),
    caCertPem: string({ ...required, ...replaces }),
    caPrivateKeyPem: string({ ...required, ...replaces }),
    maxPathLength: int(replaces),
  },
  ...certificateLife,
  async create(inputs) {
    const request = new Pkcs10CertificateRequest(inputs.certRequestPem);
    if (!(await request.verify())) throw new Error("certRequestPem: its signature does not match its key");
    const authority = new X509Certificate(inputs.caCertPem);
    const signer = await signerOf(inputs.caPrivateKeyPem);
    const { id, outputs } = await issue({
      inputs,
      subject: request.subject,
      issuer: authority.subject,
      publicKey: (await request.publicKey.export()) as webcrypto.CryptoKey,
      signer: signer.keys,
      signingAlgorithm: signer.signingAlgorithm,
      alternativeNames: request.extensions.filter(extension => extension instanceof SubjectAlternativeNameExtension),
    });
    return { id, state: { ...inputs, ...outputs, caKeyAlgorithm: signer.algorithm } };
  },
};
