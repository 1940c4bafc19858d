import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, webcrypto, type KeyObject } from "node:crypto";

/** Curves by the plugin's name. Its own default, P224, is not to be had here: name a curve. */
export const curves = { P256: "P-256", P384: "P-384", P521: "P-521" } as const;

const hashes: Record<string, string> = { prime256v1: "SHA-256", secp384r1: "SHA-384", secp521r1: "SHA-512" };
const webCurves: Record<string, string> = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" };

/** A new private key. */
export function newKey(inputs: { algorithm: string; ecdsaCurve?: string; rsaBits?: number }): KeyObject {
  if (inputs.algorithm === "RSA") return generateKeyPairSync("rsa", { modulusLength: inputs.rsaBits ?? 2048 }).privateKey;
  return generateKeyPairSync("ec", { namedCurve: curves[inputs.ecdsaCurve as keyof typeof curves] }).privateKey;
}

/** The algorithm's name in the plugin's outputs. */
export function algorithmOf(key: KeyObject): "RSA" | "ECDSA" {
  return key.asymmetricKeyType === "rsa" ? "RSA" : "ECDSA";
}

/** Hex SHA-1 of the public key: the plugin's id of a key. */
export function keyId(key: KeyObject): string {
  return createHash("sha1").update(publicDer(key)).digest("hex");
}

function publicDer(key: KeyObject): Buffer {
  return createPublicKey(key.export({ type: "pkcs8", format: "pem" })).export({ type: "spki", format: "der" });
}

/** How a key signs certificates. */
export type SigningAlgorithm = { name: string; hash: string };

/** A key pair of the Web Crypto API, which the certificate library works with. */
export interface Signer {
  keys: webcrypto.CryptoKeyPair;
  signingAlgorithm: SigningAlgorithm;
  algorithm: "RSA" | "ECDSA";
}

/**
 * The signer of a PEM private key (PKCS#1, SEC1 or PKCS#8; RSA or ECDSA).
 *
 * @throws when the text is no such key
 */
export async function signerOf(privateKeyPem: string): Promise<Signer> {
  const key = createPrivateKey(privateKeyPem);
  const rsa = key.asymmetricKeyType === "rsa";
  const curve = key.asymmetricKeyDetails?.namedCurve ?? "";
  if (!rsa && !webCurves[curve])
    throw new Error(`the sandbox signs with RSA or ECDSA P256, P384 or P521 keys, not with ${curve || key.asymmetricKeyType}`);
  const imported = rsa ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } : { name: "ECDSA", namedCurve: webCurves[curve]! };
  const pkcs8 = key.export({ type: "pkcs8", format: "der" });
  return {
    keys: {
      privateKey: await webcrypto.subtle.importKey("pkcs8", pkcs8, imported, true, ["sign"]),
      publicKey: await webcrypto.subtle.importKey("spki", publicDer(key), imported, true, ["verify"]),
    },
    signingAlgorithm: rsa ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } : { name: "ECDSA", hash: hashes[curve]! },
    algorithm: algorithmOf(key),
  };
}
