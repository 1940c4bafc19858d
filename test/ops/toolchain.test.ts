import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import { officialToolchain } from "../../ops/toolchain";

const saved = { ...process.env };
let folder: string;
let said: string[];

/** Puts a program before all others on PATH. */
function program(path: string, script: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

const prepare = (images: Record<string, string>) => officialToolchain("a test").prepare({ images, log: line => said.push(line) });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "t-ops-toolchain-"));
  said = [];
  process.env.PATH = [join(folder, "bin"), saved.PATH].join(delimiter);
  program("bin/pulumi", `echo v${sdkVersion}`);
});
afterEach(() => {
  process.env = { ...saved };
  rmSync(folder, { recursive: true, force: true });
});

test("a CLI on PATH that is as new as the SDK is used", async () => {
  const { pulumiCommand } = await prepare({});
  expect(pulumiCommand!.command).toBe("pulumi");
  expect(said).toEqual([]);
});

test("an older CLI on PATH, which the program would refuse, gives way to the SDK's version", async () => {
  program("bin/pulumi", "echo v3.200.0");
  const installed = { command: "/installed/pulumi" } as PulumiCommand;
  const install = jest.spyOn(PulumiCommand, "install").mockResolvedValueOnce(installed);
  expect((await prepare({})).pulumiCommand).toBe(installed);
  expect(install).toHaveBeenCalledTimes(1);
  expect(said.join()).toContain("on PATH is 3.200.0");
});

test("a CLI that can neither be found nor installed is a missing prerequisite", async () => {
  program("bin/pulumi", "exit 127");
  jest.spyOn(PulumiCommand, "install").mockRejectedValueOnce(new Error("fetch failed"));
  await expect(prepare({})).rejects.toMatchObject({ outcome: "prerequisites", message: expect.stringContaining("fetch failed") });
});
