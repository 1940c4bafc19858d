import type { Statement } from "../aws";

/** A bucket as the job that makes it reads it. */
export interface Bucket {
  name: string;
  versioning?: boolean;
  lock?: { mode?: string; days?: number };
  policy?: { Statement?: Statement[] };
}

/** The buckets of a document, a list or an object that has one; none where it is no such document. */
export function parseBuckets(text: string): Bucket[] {
  try {
    const document = JSON.parse(text) as Bucket[] | { buckets?: Bucket[] };
    const buckets = Array.isArray(document) ? document : document.buckets;
    return Array.isArray(buckets) ? buckets : [];
  } catch {
    return [];
  }
}
