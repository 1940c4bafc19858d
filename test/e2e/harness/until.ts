/**
 * Waits for a condition, never for a time.
 *
 * @param what the condition, for the error
 * @param seconds longest wait that is still in order
 * @param probe resolves to undefined or throws while it is not so yet
 * @throws an Error that names the condition and what the last look saw
 */
export async function until<T>(what: string, seconds: number, probe: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (let last = "nothing"; ;) {
    try {
      const found = await probe();
      if (found !== undefined) return found;
    } catch (error) {
      last = (error as Error).message;
    }
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what} (last seen: ${last})`);
    await new Promise(resolve => setTimeout(resolve, 1000));
  }
}
