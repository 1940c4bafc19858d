import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keptPaths, readyScript, takeOverScript } from "../../../ops/restore/swap";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "t-swap-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const database = () => ({ folder, data: [{ name: "data", from: "restore" }], stale: [] });
const store = () => ({
  folder,
  data: ["data", "versions"].map(name => ({ name, from: `restore/${name}` })),
  stale: [],
});
const redis = () => ({ folder, data: [{ name: "appendonlydir", from: "restore/appendonlydir" }], stale: ["dump.rdb"] });

/** Makes files with their own text, by path. */
function make(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
const read = (path: string) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), "utf8") : undefined);
const sh = (script: string) => execFileSync("sh", ["-ec", script], { stdio: "pipe" });

describe("taking over", () => {
  test("puts the restored data in place and keeps the old", () => {
    make({ "data/mark": "old", "restore/mark": "new", "data.before/mark": "older" });
    sh(takeOverScript(database()));
    expect([read("data/mark"), read("data.before/mark")]).toEqual(["new", "old"]);
    expect(readdirSync(folder).sort()).toEqual(["data", "data.before"]);
  });

  test("works on a fresh volume, where nothing is to be kept", () => {
    make({ "restore/mark": "new" });
    sh(takeOverScript(database()));
    expect(readdirSync(folder)).toEqual(["data"]);
  });

  test("replaces everything that belongs together, and sets aside what means nothing to it", () => {
    make({ "data/a": "old", "versions/a": "old", "restore/data/a": "new", "restore/versions/a": "new" });
    sh(takeOverScript(store()));
    expect(["data", "versions", "data.before", "versions.before"].map(name => read(`${name}/a`))).toEqual(["new", "new", "old", "old"]);
    make({ "appendonlydir/aof": "old", "dump.rdb": "old", "restore/appendonlydir/aof": "new" });
    sh(takeOverScript(redis()));
    expect([read("appendonlydir/aof"), read("dump.rdb"), read("dump.rdb.before")]).toEqual(["new", undefined, "old"]);
  });

  test("moves nothing away when there is nothing to put in place", () => {
    make({ "data/a": "old", "versions/a": "old", "restore/data/a": "new" });
    expect(() => sh(takeOverScript(store()))).toThrow();
    expect([read("data/a"), read("versions/a"), existsSync(join(folder, "data.before"))]).toEqual(["old", "old", false]);
  });
});

describe("making ready", () => {
  test("clears what an interrupted restore left, and touches nothing else", () => {
    make({ "data/mark": "live", "data.before/mark": "older", "restore/half": "x", "restore.wal/0001": "x", "restore.unfinished": "" });
    sh(readyScript(database()));
    expect([read("data/mark"), read("data.before/mark")]).toEqual(["live", "older"]);
    expect(readdirSync(folder).sort()).toEqual(["data", "data.before"]);
  });

  test("puts the old data back where a take-over was interrupted between its two moves", () => {
    make({ "data.before/mark": "old", "restore/mark": "new" });
    sh(readyScript(database()));
    expect([read("data/mark"), existsSync(join(folder, "data.before"))]).toEqual(["old", false]);
  });

  test("puts all of it back when only a part was moved in", () => {
    make({ "data/a": "new", "data.before/a": "old", "versions.before/a": "old", "restore/versions/a": "new" });
    sh(readyScript(store()));
    expect([read("data/a"), read("versions/a")]).toEqual(["old", "old"]);
  });

  test("is fine with a fresh volume", () => {
    sh(readyScript(store()));
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("what was kept is named by its paths", () => {
  expect(keptPaths({ ...redis(), folder: "/data" })).toEqual(["/data/appendonlydir.before", "/data/dump.rdb.before"]);
});
