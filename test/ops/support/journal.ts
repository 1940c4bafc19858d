import type { Journal } from "../../../ops/gameday/journal";

/** A journal of a run that held, changed as a test wants. */
export const journal = (change: Partial<Journal> = {}): Journal => ({
  version: 1,
  scenario: "redis-lost",
  title: "The queue's Redis is lost",
  hypothesis: "Every job comes back.",
  system: "ultrathink",
  stack: "dev",
  started: "2026-11-24T12:00:00.000Z",
  finished: "2026-11-24T12:02:00.000Z",
  seconds: 120,
  status: "completed",
  deviated: false,
  held: true,
  steadyState: { before: [], after: [] },
  verification: [{ name: "every job is there", held: true, expected: "200 jobs", found: "200 jobs" }],
  steps: [
    { phase: "method", name: "queue 200 jobs", begin: 0, seconds: 30, outcome: "done", note: "200 jobs" },
    { phase: "method", name: "lose the volume", begin: 30, seconds: 0, outcome: "done" },
    { phase: "verification", name: "every job: is there", begin: 80, seconds: 40, outcome: "done" },
  ],
  objectives: { rtoSeconds: 1800, rpoSeconds: 300 },
  figures: { rtoSeconds: 90, data: { "queued jobs": 200 } },
  versions: { Docker: "20.10.24", timescaledb: "timescale/timescaledb-ha:pg17" },
  ...change,
});
