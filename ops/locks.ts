import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { CommandFailure } from "./exit";

/** Who holds a lock, in the words of the engine's local backend (pkg/backend/diy/lock.go). */
export interface LockContent {
  pid: number;
  username: string;
  hostname: string;
  timestamp: string;
}

export interface ThisHost {
  hostname: string;
  /** When the process with this id began; undefined when there is none. */
  processStart(pid: number): Date | undefined;
}

/**
 * Whether a lock's holder is gone. A holder on another host cannot be looked at, so its lock counts as held. A process that began after the
 * lock was taken only inherited the number.
 */
export function isStale(lock: LockContent, host: ThisHost): boolean {
  if (lock.hostname !== host.hostname) return false;
  const start = host.processStart(lock.pid);
  return start === undefined || start.getTime() > new Date(lock.timestamp).getTime() + CLOCK_STEP_MS;
}

/** Process start times come in clock ticks counted from boot, whose own time is a whole second. */
const CLOCK_STEP_MS = 2000;

export const thisHost: ThisHost = {
  hostname: hostname(),
  processStart(pid) {
    try {
      process.kill(pid, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return undefined;
    }
    try {
      // Field 22 of stat(5) is the start in ticks of 1/100 s; the name in field 2 may hold spaces, so count from its closing bracket.
      const ticks = Number(
        readFileSync(`/proc/${pid}/stat`, "utf8")
          .replace(/^.*\) /s, "")
          .split(" ")[19],
      );
      const boot = Number(/^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]);
      return new Date((boot + ticks / 100) * 1000);
    } catch {
      // No /proc here: the process exists, which is all that can be known.
      return new Date(0);
    }
  },
};

export interface FoundLock {
  file: string;
  lock: LockContent;
}

/** Lock files that the engine left for a stack in a local backend. */
export function engineLocks(backend: string, project: string, stack: string): FoundLock[] {
  const folder = join(backend, ".pulumi", "locks", "organization", project, stack);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(name => name.endsWith(".json"))
    .map(name => ({ file: join(folder, name), lock: readLock(join(folder, name)) }));
}

/** Removes the locks of dead processes, said aloud; a live one ends the command. */
export function clearStaleLocks(locks: FoundLock[], host: ThisHost, log: (line: string) => void): void {
  for (const { file, lock } of locks) {
    if (!isStale(lock, host)) throw new CommandFailure("locked", heldBy(lock));
    log(`Removed the lock of process ${lock.pid}, which has ended (taken ${lock.timestamp})`);
    rmSync(file, { force: true });
  }
}

/** Longest wait for an engine whose command was killed: it ends by itself once it notices. */
const ENGINE_ENDS_MS = 30_000;

/**
 * Clears the engine's locks on a stack that this process holds, which means that no other command of ours runs: a live engine is what a killed
 * command left behind, and is given time to end, or somebody's own `pulumi`, which ends the command.
 */
export async function clearEngineLocks(
  read: () => FoundLock[],
  host: ThisHost,
  log: (line: string) => void,
  patience = ENGINE_ENDS_MS,
): Promise<void> {
  const live = () => read().find(({ lock }) => lock.hostname === host.hostname && !isStale(lock, host));
  const first = live();
  if (first) log(`Waiting for process ${first.lock.pid}, which still holds the stack, to end (at most ${patience / 1000} s)`);
  for (const end = Date.now() + patience; live() && Date.now() < end;) await new Promise(resolve => setTimeout(resolve, 200));
  clearStaleLocks(read(), host, log);
}

function heldBy(lock: LockContent): string {
  return (
    `Another operation holds the stack: process ${lock.pid} of ${lock.username} on ${lock.hostname}, since ${lock.timestamp}.\n` +
    "Wait for it, or, when you know that it is gone, release it with `bin/ops unlock` and run the command again."
  );
}

const operationLock = (folder: string) => join(folder, "operation.lock");

/** The lock of an operation in progress, if there is one. */
export function operationLocks(folder: string): FoundLock[] {
  const file = operationLock(folder);
  return existsSync(file) ? [{ file, lock: readLock(file) }] : [];
}

/**
 * Holds the stack while `run` runs. The engine locks only its own step; between two of them (looking for orphans, then `up`) a second
 * operation would take the first one's new containers for orphans.
 */
export async function holding<T>(folder: string, host: ThisHost, log: (line: string) => void, run: () => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true });
  clearStaleLocks(operationLocks(folder), host, log);
  const lock: LockContent = { pid: process.pid, username: userInfo().username, hostname: host.hostname, timestamp: new Date().toISOString() };
  let handle: number;
  try {
    handle = openSync(operationLock(folder), "wx");
  } catch {
    throw new CommandFailure("locked", heldBy(readLock(operationLock(folder))));
  }
  writeSync(handle, JSON.stringify(lock));
  closeSync(handle);
  try {
    return await run();
  } finally {
    rmSync(operationLock(folder), { force: true });
  }
}

function readLock(file: string): LockContent {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as LockContent;
  } catch {
    // Taken but not yet written, or cut off by a crash: nobody can be asked, and a person must decide.
    return { pid: 0, username: "unknown", hostname: "unknown", timestamp: "unknown" };
  }
}
