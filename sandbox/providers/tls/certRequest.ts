import "reflect-metadata";
import { createHash } from "node:crypto";
import { Pkcs10CertificateRequestGenerator } from "@peculiar/x509";
import { required, replaces, string } from "../bridge/schema";
import type { ResourceType } from "../bridge/resource";
import { signerOf } from "./keys";
import { alternativeNames, distinguishedName } from "./names";
import { subjectSchema } from "./schema";

/** `tls.CertRequest`: a PKCS#10 request. */
export const certRequest: ResourceType = {
  schema: { ...subjectSchema, privateKeyPem: string({ ...required, ...replaces }) },
  secretOutputs: ["privateKeyPem"],
  async create(inputs) {
    const signer = await signerOf(inputs.privateKeyPem);
    const request = await Pkcs10CertificateRequestGenerator.create({
      name: distinguishedName(inputs.subject),
      keys: signer.keys,
      signingAlgorithm: signer.signingAlgorithm,
      extensions: alternativeNames(inputs),
    });
    const certRequestPem = `${request.toString("pem")}\n`;
    const id = createHash("sha1").update(Buffer.from(request.rawData)).digest("hex");
    return { id, state: { ...inputs, certRequestPem, keyAlgorithm: signer.algorithm } };
  },
  async read(id, state) {
    return { id, state };
  },
  async remove() {},
};
