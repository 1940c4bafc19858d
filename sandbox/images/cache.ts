import { existsSync } from "node:fs";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "./run";

/** Where everything that is compiled or downloaded stays between checkouts. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "ultrathink", "images");
}

/**
 * A folder of the cache, filled once.
 *
 * @param key names the content: version and hash of all that decides it
 * @param fill fills an empty folder; an interrupted fill leaves nothing behind that would be taken for the whole
 * @returns the folder's path
 */
export async function cached(key: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder(), key);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await fill(unfinished);
  await rename(unfinished, folder);
  return folder;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Runs one build at a time on this machine: two at once would take twice the memory and no less time. */
export async function exclusively<T>(log: Log, work: () => Promise<T>): Promise<T> {
  const file = join(cacheFolder(), "lock");
  await mkdir(dirname(file), { recursive: true });
  for (let told = false; ; await sleep(500)) {
    const lock = await open(file, "wx").catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
    if (lock) {
      await lock.writeFile(String(process.pid));
      await lock.close();
      break;
    }
    const holder = Number(await readFile(file, "utf8").catch(() => ""));
    if (holder && !isAlive(holder)) {
      await rm(file, { force: true });
    } else if (!told) {
      log(`process ${holder} builds images; waiting for it`);
      told = true;
    }
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}
