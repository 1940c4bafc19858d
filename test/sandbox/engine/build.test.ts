import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import { buildEngine, isBuilt, locateEngine } from "../../../sandbox/engine/build";

const saved = { ...process.env };
let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "t-sandbox-cache-"));
  process.env.XDG_CACHE_HOME = cache;
});
afterEach(() => {
  process.env = { ...saved };
  rmSync(cache, { recursive: true, force: true });
});

it("pins the engine to the version of the SDK that the program uses", () => {
  expect(locateEngine().version).toBe(`v${sdkVersion}`);
});

it("keeps the engine outside the checkout, by version and content", () => {
  expect(locateEngine().root).toMatch(new RegExp(`^${cache}/ultrathink/engine/v${sdkVersion}-[0-9a-f]{16}$`));
  expect(isBuilt(locateEngine())).toBe(false);
});

it("says what is needed where Go is missing, and leaves nothing behind", async () => {
  process.env.PATH = cache;
  await expect(buildEngine(() => {})).rejects.toThrow(/needs Go 1.26 or later: install it/);
  expect(isBuilt(locateEngine())).toBe(false);
});
