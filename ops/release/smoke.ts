/** One request of a smoke test and what came back. */
export interface Answer {
  url: string;
  /** Status, or why there was none. */
  outcome: number | string;
  milliseconds: number;
}

/** Longest wait for one answer: whoever is asked by clients must be faster by far. */
const TIMEOUT_MS = 10_000;

export const answered = ({ outcome }: Answer): boolean => outcome === 200;

/** Asks one URL and reads the answer to its end. */
export async function ask(url: string): Promise<Answer> {
  const began = performance.now();
  const outcome = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) }).then(
    async response => {
      await response.arrayBuffer();
      return response.status;
    },
    (error: Error) => reason(error),
  );
  return { url, outcome, milliseconds: performance.now() - began };
}

/** Every path of every base URL, once. */
export const smokeTest = (bases: string[], paths: string[]): Promise<Answer[]> =>
  Promise.all(bases.flatMap(base => paths.map(path => ask(new URL(path, base).href))));

/** `fetch` hides why it failed behind "fetch failed". */
function reason(error: Error): string {
  const cause = error.cause as { code?: string; message?: string } | undefined;
  return cause?.code ?? cause?.message ?? error.message;
}
