import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastRebuild } from "../../../ops/bench/rebuild";
import { writeReport } from "../../../ops/gameday/report";
import { journal } from "../support/journal";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "t-rebuild-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const report = (time: string, scenario: string, held: boolean) =>
  writeReport(join(folder, time), journal({ scenario, held, started: time }), undefined);

test("the newest total loss that held is what is measured; others say nothing about a rebuild", () => {
  report("20261101T120000Z", "total-loss", true);
  report("20261102T120000Z", "total-loss", true);
  report("20261103T120000Z", "total-loss", false);
  report("20261104T120000Z", "redis-lost", true);
  expect(lastRebuild(folder)!.started).toBe("20261102T120000Z");
});

test("without a game-day there is none", () => {
  expect(lastRebuild(folder)).toBeUndefined();
  expect(lastRebuild(join(folder, "nothing"))).toBeUndefined();
});
