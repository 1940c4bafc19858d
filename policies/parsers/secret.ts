const SECRET_KEY =
  /(^|_)(PASSPHRASE|PASS|SECRETS?|TOKEN|CREDENTIALS?|API_?KEY|ACCESS_KEY(_ID)?|PRIVATE_KEY|SECRET_KEY|AUTH_KEY)(_|$)|PASSWORD|PASSWD|PGPASS/;

/** What a variable's name says about its value: a secret, the path of a file or folder that may hold one, or neither. */
export function secretKey(key: string): "secret" | "file" | undefined {
  const name = key.toUpperCase();
  if (!SECRET_KEY.test(name)) return undefined;
  return /(FILE|_PATH|_DIR)$/.test(name) ? "file" : "secret";
}

const SHAPES: [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  [/\b(AKIA|ASIA)[0-9A-Z]{16}\b/, "an access key"],
  [/\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/, "a token"],
  // The password of a URL, unless a shell fills it in from a file.
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@$]+@/i, "a URL with a password"],
  // `password=x`, `password: x`, `--requirepass x`: literal, not $(cat file), a variable (psql writes one as `password :'x'`) or a path.
  [/(password|passwd|passphrase|secret|token|api[_-]?key|requirepass|masterauth)["']?(\s*=|:)\s*["']?[^\s"'$`/{<]/i, "a literal password"],
  [/(^|\s)--?(password|passwd|requirepass|masterauth|token|secret|api-?key)\s+["']?[^\s"'$`/<-]/i, "a literal password"],
];

/** The kind of secret that a text holds, found by its shape; `undefined` when it holds none. */
export function secretIn(text: string): string | undefined {
  return SHAPES.find(([shape]) => shape.test(text))?.[1];
}
