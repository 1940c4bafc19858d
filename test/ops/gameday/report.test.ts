import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mermaid, svg, tickSeconds } from "../../../ops/gameday/chart";
import { objectiveAnswers } from "../../../ops/gameday/journal";
import { markdown, verdict, writeReport } from "../../../ops/gameday/report";
import { wayOut } from "../../../ops/gameday";
import { journal } from "../support/journal";

const bad = { name: "every job is there", held: false, expected: "200 jobs", found: "0 | 1 jobs\nin two lines" };

describe("the Markdown report", () => {
  test("says first how it went, and shows figures against their objectives, timeline, steps, verification and versions", () => {
    const text = markdown(journal(), undefined);
    expect(text).toMatch(/^# Game-day: The queue's Redis is lost\n\n\*\*held\*\*, ultrathink on stack dev, 2026-11-24T12:00:00.000Z, 2m00s\.\n/);
    expect(text).toContain("| RTO: from the loss until verified and steady again | 1m30s | 30m00s |");
    expect(text).toContain("| queued jobs | 200 |  |");
    expect(text).toContain("| 30s | 0.0s | method | lose the volume |  |");
    expect(text).toContain("| ✓ | every job is there | 200 jobs | 200 jobs |");
    expect(text).toContain("| timescale/timescaledb-ha:pg17 | timescaledb, timescaledb-schema |");
    expect(text).not.toMatch(/What deviated|Why it stopped|The way out|undefined|\[object/);
  });

  test("names what deviated", () => {
    const text = markdown(journal({ deviated: true, held: false, verification: [bad] }), undefined);
    expect(text).toMatch(/\*\*deviated\*\*/);
    expect(text).toMatch(/## What deviated\n\n[^]*\| ✗ \| every job is there \| 200 jobs \| 0 \\\| 1 jobs in two lines \|/);
  });

  test("of a failed run says why it stopped and what to do", () => {
    const failed = journal({
      status: "failed",
      held: false,
      error: "no space left",
      figures: { lossSeconds: 30, data: {} },
      steps: [{ phase: "method", name: "restore the queue", begin: 0, seconds: 1, outcome: "failed", note: "no space left" }],
    });
    const text = markdown(failed, wayOut(failed));
    expect(text).toMatch(/\*\*failed\*\* \(nothing is said about the system by that: status failed\)/);
    expect(text).toMatch(/## Why it stopped\n\n```\nno space left\n```/);
    expect(text).toMatch(/## The way out\n\nIt stopped at "restore the queue"[^]*`bin\/ops restore --stack dev`/);
  });
});

test("status and deviation are two things; the verdict names them in one word", () => {
  expect(verdict({ status: "completed", deviated: false })).toBe("held");
  expect(verdict({ status: "completed", deviated: true })).toBe("deviated");
  expect(verdict({ status: "aborted", deviated: false })).toBe("could not run");
  expect(verdict({ status: "failed", deviated: false })).toBe("failed");
});

test("a run that stopped before the loss needs no restore", () => {
  expect(wayOut(journal({ status: "failed", figures: { data: {} } }))).toMatch(
    /^It stopped, before anything was lost. `bin\/ops up --stack dev` repairs/,
  );
});

test("a run that is over, or never began, needs no way out", () => {
  expect(wayOut(journal())).toBeUndefined();
  expect(wayOut(journal({ status: "aborted" }))).toBeUndefined();
});

test("figures beyond what is declared as tolerable deviate; what was not measured is not judged", () => {
  const objectives = { rtoSeconds: 1800, rpoSeconds: 300 };
  expect(objectiveAnswers({ objectives, figures: { rtoSeconds: 1801, rpoSeconds: 300, data: {} } }).map(({ held, found }) => [held, found])).toEqual([
    [false, "1801.0 s"],
    [true, "300.0 s"],
  ]);
  expect(objectiveAnswers({ objectives, figures: { data: {} } })).toEqual([]);
});

describe("the timeline", () => {
  test("is a Gantt chart by phase, in milliseconds, with names that Mermaid can read", () => {
    expect(mermaid("Redis: lost", journal().steps)).toBe(
      [
        "gantt",
        "  title Redis lost",
        "  dateFormat x",
        "  axisFormat %M:%S",
        "  section method",
        "  queue 200 jobs :0, 30000",
        "  lose the volume :30000, 30100",
        "  section verification",
        "  every job is there :80000, 120000",
      ].join("\n"),
    );
  });

  test("is a picture, too, with a bar for each step and nothing that breaks its markup", () => {
    const picture = svg('<b> & "c"', journal().steps);
    expect(picture).toMatch(/^<svg [^]*<\/svg>\n$/);
    expect(picture.match(/<rect x=/g)).toHaveLength(3);
    expect(picture).toContain("&lt;b&gt; &amp; &quot;c&quot;");
  });

  test.each([
    [0.5, [0]],
    [8, [0, 1, 2, 3, 4, 5, 6, 7, 8]],
    [95, [0, 15, 30, 45, 60, 75, 90]],
    [100_000, Array.from({ length: 28 }, (_, index) => index * 3600)],
  ])("an axis of %d s is marked where a person would", (end, ticks) => {
    expect(tickSeconds(end)).toEqual(ticks);
  });
});

test("a report is a folder with Markdown, JSON and picture", () => {
  const folder = mkdtempSync(join(tmpdir(), "t-report-"));
  try {
    const path = writeReport(join(folder, "deep"), journal(), undefined);
    expect(path).toBe(join(folder, "deep/redis-lost.md"));
    expect(JSON.parse(readFileSync(join(folder, "deep/redis-lost.json"), "utf8"))).toEqual(journal());
    expect(existsSync(join(folder, "deep/redis-lost.svg"))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
