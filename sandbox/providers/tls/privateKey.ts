import { createPublicKey } from "node:crypto";
import { int, matches, required, replaces, string } from "../bridge/schema";
import type { ResourceType } from "../bridge/resource";
import { algorithmOf, curves, keyId, newKey } from "./keys";

/** `tls.PrivateKey`: RSA, or ECDSA on P256, P384 or P521. The OpenSSH forms and fingerprints are not made. */
export const privateKey: ResourceType = {
  schema: {
    algorithm: string({ ...required, ...replaces, ...matches(/^(RSA|ECDSA)$/, "RSA or ECDSA (ED25519: the official plugin only)") }),
    ecdsaCurve: string({
      ...replaces,
      computed: true,
      rule: { test: curve => curve in curves, says: `${Object.keys(curves).join(", ")} (P224: the official plugin only)` },
    }),
    rsaBits: int({ ...replaces, computed: true }),
  },
  secretOutputs: ["privateKeyPem", "privateKeyPemPkcs8"],
  refuse(inputs) {
    if (inputs.algorithm !== "ECDSA" || inputs.ecdsaCurve) return [];
    return [{ property: "ecdsaCurve", reason: "the plugin's default, P224, is not to be had in the sandbox: name P256, P384 or P521" }];
  },
  async create(inputs) {
    const key = newKey(inputs as Parameters<typeof newKey>[0]);
    const rsa = algorithmOf(key) === "RSA";
    const privateKeyPemPkcs8 = key.export({ type: "pkcs8", format: "pem" }) as string;
    const state = {
      ...inputs,
      ...(rsa && { rsaBits: inputs.rsaBits ?? 2048 }),
      privateKeyPem: key.export({ type: rsa ? "pkcs1" : "sec1", format: "pem" } as { type: "pkcs1"; format: "pem" }),
      privateKeyPemPkcs8,
      publicKeyPem: createPublicKey(privateKeyPemPkcs8).export({ type: "spki", format: "pem" }),
    };
    return { id: keyId(key), state };
  },
  async read(id, state) {
    return { id, state };
  },
  async remove() {},
};
