const MASK = "[secret]";

/** Where commands write. Every line passes the mask, so that no caller has to remember it. */
export interface Logger {
  /** Progress and notes, to standard error. */
  note(text: string): void;
  /** The command's result, to standard output. */
  result(text: string): void;
  /** Masks these values from now on, in whole text and line by line. */
  hide(secrets: Iterable<string>): void;
  /** Text with known secrets masked, for renderers that write by themselves. */
  mask(text: string): string;
}

export function createLogger(streams: { out: (text: string) => void; err: (text: string) => void }): Logger {
  const hidden = new Set<string>();
  const mask = (text: string) => {
    // Longest first: a secret that contains another must not leave its rest behind.
    return [...hidden].sort((a, b) => b.length - a.length).reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
  };
  return {
    note: text => streams.err(`${mask(text)}\n`),
    result: text => streams.out(`${mask(text)}\n`),
    hide: secrets => {
      for (const secret of secrets) for (const part of [secret, ...secret.split("\n")]) if (part.trim().length >= SHORTEST_SECRET) hidden.add(part);
    },
    mask,
  };
}

/** Shorter strings (`"5432"`, `"true"`) mask innocent text and are no secrets of ours: generated passwords have 24 characters and more. */
const SHORTEST_SECRET = 8;

/** Every plain text that a decrypted deployment marks as secret. */
export function secretsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(secretsIn);
  if (SECRET_SIGNATURE in value && "plaintext" in value && typeof value.plaintext === "string") return stringsIn(JSON.parse(value.plaintext));
  return Object.values(value).flatMap(secretsIn);
}

/** Key under which Pulumi's state marks a secret (sdk/go/common/resource/sig.go: `sig.Key`). */
const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
