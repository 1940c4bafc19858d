import type { Finding } from "./experiment";

const POLL_MS = 1000;

/** Asks until it holds or the time is over; the last answer counts. A question that cannot be asked yet is asked again. */
export async function until(seconds: number, ask: () => Promise<Finding>, pause = POLL_MS): Promise<Finding> {
  for (const end = Date.now() + seconds * 1000; ;) {
    const finding = await ask().catch((error: Error) => ({ held: false, expected: "an answer", found: error.message }));
    if (finding.held || Date.now() >= end) return finding;
    await new Promise(resolve => setTimeout(resolve, pause));
  }
}
