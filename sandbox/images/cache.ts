import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "./run";

/** Where everything that is compiled or downloaded stays between checkouts. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "ultrathink", "images");
}

export function isCached(key: string): boolean {
  return existsSync(join(cacheFolder(), key));
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
  if (isCached(key)) return folder;
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

/** Whether this process now holds the lock file. Linked into place, so that it is never there without its holder's number. */
async function claim(file: string): Promise<boolean> {
  // A name of its own for each claim: two in one process would take each other's file away.
  const own = `${file}.${randomUUID()}`;
  await writeFile(own, String(process.pid));
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return false;
  } finally {
    await rm(own, { force: true });
  }
}

/** Runs one build at a time on this machine: two at once would take twice the memory and no less time. */
export async function exclusively<T>(log: Log, work: () => Promise<T>): Promise<T> {
  const file = join(cacheFolder(), "lock");
  await mkdir(dirname(file), { recursive: true });
  for (let told = false; ; await sleep(500)) {
    if (await claim(file)) break;
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
