import { setTimeout as after } from "node:timers/promises";
import type Docker from "dockerode";
import { type Owner, type StackContainer, stackContainers } from "./docker";
import { execIn } from "./exec";

/**
 * The containers of a stack, or of its vault. Docker asks a container for the first time an interval after its start; one that it has not asked yet
 * is asked here, by the same command.
 */
export async function stackHealth(docker: Docker, stack: string, owner?: Owner): Promise<StackContainer[]> {
  return Promise.all(
    (await stackContainers(docker, stack, owner)).map(async container => {
      const { state, health } = container;
      if (state !== "running" || health?.status !== "starting" || !(await passes(docker, container.name, health))) return container;
      return { ...container, health: { ...health, status: "healthy" as const } };
    }),
  );
}

async function passes(
  docker: Docker,
  container: string,
  { test: [form, ...words], timeout }: NonNullable<StackContainer["health"]>,
): Promise<boolean> {
  const command = form === "CMD-SHELL" ? ["/bin/sh", "-c", ...words] : words;
  // A container that ends meanwhile has not passed.
  const asked = execIn(docker, container, command).then(
    ({ code }) => code === 0,
    () => false,
  );
  return Promise.race([asked, after(timeout * 1000, false, { ref: false })]);
}

/** How one container stands. `waiting` can still become `well`. */
export type Verdict = { kind: "well" } | { kind: "waiting" | "ill"; reason: string };

/**
 * Judges a container at `now` against its own health check's terms. `since` is when the judging began: what was ill before gets one more check's
 * time to recover, because what made it ill may just have been mended.
 */
export function judge(container: StackContainer, since: Date, now: Date): Verdict {
  if (container.job) {
    if (container.state === "exited" && container.exitCode === 0) return { kind: "well" };
    if (container.state === "exited") return { kind: "ill", reason: `the job ended with exit code ${container.exitCode}` };
    return { kind: "waiting", reason: `the job is ${container.state}` };
  }
  const { health } = container;
  const grace = health ? health.interval + health.timeout : NO_CHECK_GRACE;
  const later = (start: Date, seconds: number) => now.getTime() >= start.getTime() + seconds * 1000;
  if (container.state !== "running") {
    return {
      kind: later(since, grace) ? "ill" : "waiting",
      reason: `it is ${container.state}, exit code ${container.exitCode}, restarted ${container.restarts} times`,
    };
  }
  if (!health || health.status === "healthy") return { kind: "well" };
  if (health.status === "unhealthy") return { kind: later(since, grace + ROUNDING) ? "ill" : "waiting", reason: "its health check fails" };
  const longestStart = health.startPeriod + (health.retries + 1) * (health.interval + health.timeout) + ROUNDING;
  return { kind: later(container.startedAt, longestStart) ? "ill" : "waiting", reason: "its health check has not passed yet" };
}

/** Seconds that a container without a health check may be restarting before it counts as ill. */
const NO_CHECK_GRACE = 15;
/** Docker's check timer starts a moment after the container. */
const ROUNDING = 5;

export interface Ill {
  container: StackContainer;
  reason: string;
}

/** Waits until every container is well or one is beyond its own terms; returns the ill ones. */
export async function settle(read: () => Promise<StackContainer[]>, waiting: (names: string[]) => void, signal: AbortSignal): Promise<Ill[]> {
  const since = new Date();
  for (;;) {
    const judged = (await read()).map(container => ({ container, verdict: judge(container, since, new Date()) }));
    const ill = judged.flatMap(({ container, verdict }) => (verdict.kind === "ill" ? [{ container, reason: verdict.reason }] : []));
    const pending = judged.filter(({ verdict }) => verdict.kind === "waiting").map(({ container }) => container.service);
    if (pending.length === 0 || signal.aborted) return ill;
    waiting(pending);
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
  }
}

const POLL_MS = 500;

/** The names of services that have no container although the plan has them. */
export function missing(planned: { name: string; job: boolean; leftOut?: string }[], found: StackContainer[]): string[] {
  const present = new Set(found.map(({ service }) => service));
  return planned.filter(({ name, job, leftOut }) => !job && !leftOut && !present.has(name)).map(({ name }) => name);
}
