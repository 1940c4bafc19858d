interface Statement {
  Sid?: string;
  Effect?: string;
  Principal?: unknown;
  Action?: string | string[];
  NotAction?: string | string[];
}

/** A bucket as the job that makes it reads it. */
export interface Bucket {
  name: string;
  versioning?: boolean;
  lock?: { mode?: string; days?: number };
  policy?: { Statement?: Statement[] };
}

/** The buckets of a document; none where it is no such document. */
export function parseBuckets(text: string): Bucket[] {
  try {
    const { buckets } = JSON.parse(text) as { buckets?: Bucket[] };
    return Array.isArray(buckets) ? buckets : [];
  } catch {
    return [];
  }
}
