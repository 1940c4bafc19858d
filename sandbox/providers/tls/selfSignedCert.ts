import { bool, required, replaces, string } from "../bridge/schema";
import type { ResourceType } from "../bridge/resource";
import { certificateLife, issue } from "./certificate";
import { signerOf } from "./keys";
import { alternativeNames, distinguishedName } from "./names";
import { certificateSchema, subjectSchema } from "./schema";

/** `tls.SelfSignedCert`: the sandbox's certificate authorities. */
export const selfSignedCert: ResourceType = {
  schema: {
    ...certificateSchema,
    ...subjectSchema,
    privateKeyPem: string({ ...required, ...replaces }),
    setAuthorityKeyId: bool({ ...replaces, default: false }),
  },
  unimplemented: ["maxPathLength"],
  ...certificateLife,
  async create(inputs) {
    const signer = await signerOf(inputs.privateKeyPem);
    const name = distinguishedName(inputs.subject);
    const { id, outputs } = await issue({
      inputs,
      subject: name,
      issuer: name,
      publicKey: signer.keys.publicKey,
      signer: signer.keys,
      signingAlgorithm: signer.signingAlgorithm,
      alternativeNames: alternativeNames(inputs),
    });
    return { id, state: { ...inputs, ...outputs, keyAlgorithm: signer.algorithm } };
  },
};
