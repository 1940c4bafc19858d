import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clearWorkFolder, readBaseline, writeBaseline } from "../../ops/record";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "t-record-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("of a stack that is gone only its reports and baselines are kept", () => {
  mkdirSync(join(folder, "gameday/20261124T120000Z"), { recursive: true });
  writeFileSync(join(folder, "last-up.json"), "{}");
  writeBaseline(folder, { composeSeconds: 60 });
  clearWorkFolder(folder);
  expect(readdirSync(folder).sort()).toEqual(["baseline.json", "gameday"]);
  expect(readBaseline(folder)).toEqual({ composeSeconds: 60 });
});

test("a work folder without any is gone as a whole; one that is not there is fine", () => {
  const work = join(folder, "dev");
  writeBaseline(work, {});
  rmSync(join(work, "baseline.json"));
  writeFileSync(join(work, "last-up.json"), "{}");
  clearWorkFolder(work);
  expect(readdirSync(folder)).toEqual([]);
  clearWorkFolder(work);
});
