import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { version as sdkVersion } from "@pulumi/pulumi/package.json";
import lock from "../../images.lock.json";
import { hashOf } from "../../ops/content-hash";
import { type Toolchain, kept, officialToolchain } from "../../ops/toolchain";
import { SOURCE_LABEL, isBuiltHere } from "../../ops/own-images";
import { checkout } from "../../ops/workspace";

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

/** What the toolchain asked docker to build. */
const builds = () => {
  try {
    return readFileSync(join(folder, "builds"), "utf8").trim().split("\n");
  } catch {
    return [];
  }
};

/** A docker whose image of the workload has this label; `undefined`: it has no such image. */
const docker = (label: string | undefined, build = `echo "$@" >>${folder}/builds`) =>
  program("bin/docker", `case $1 in image) ${label === undefined ? "exit 1" : `echo "${label}"`} ;; build) ${build} ;; esac`);

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

test("the reference workload is built where it is missing, marked with its sources", async () => {
  docker(undefined);
  await prepare({ "data-service": lock.workloads, redis: lock.redis });
  const source = await hashOf(checkout, ["workloads"]);
  expect(builds()).toEqual([`build --label=${SOURCE_LABEL}=${source} -t ${lock.workloads} ${join(checkout, "workloads")}`]);
});

test("the backup program's image is built like it", async () => {
  docker(undefined);
  await prepare({ backup: lock.backup });
  expect(builds()).toEqual([expect.stringMatching(`-t ${lock.backup} ${join(checkout, "backups")}$`)]);
});

test("the workload is built again after a change of its sources, and left alone without one", async () => {
  docker("another-hash");
  await prepare({ "data-service": lock.workloads });
  expect(builds()).toHaveLength(1);
  docker(await hashOf(checkout, ["workloads"]));
  await prepare({ "data-service": lock.workloads });
  expect(builds()).toHaveLength(1);
});

test("an image that a person loaded under its name is left alone", async () => {
  docker("");
  await prepare({ "data-service": lock.workloads });
  expect(builds()).toEqual([]);
});

test("nothing is built for a stack of a team's own images, or for a command that starts none", async () => {
  docker(undefined);
  await prepare({ "data-service": "registry.example/data:1" });
  await prepare({});
  expect(builds()).toEqual([]);
});

test("an image of the project's own that has a digest lies in a registry, and is not built", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  expect(isBuiltHere("workloads", "ultrathink/workloads:0.1.0")).toBe(true);
  expect(isBuiltHere("workloads", `registry.example/ultrathink/workloads:0.1.0@${digest}`)).toBe(false);
  expect(isBuiltHere("redis", "redis:8.0.4")).toBe(false);
});

test("a build that fails ends as a missing prerequisite, with its last lines", async () => {
  docker(undefined, "echo no route to the registry >&2; exit 1");
  await expect(prepare({ "data-service": lock.workloads })).rejects.toMatchObject({
    outcome: "prerequisites",
    message: expect.stringMatching(/cannot be built from workloads\/: docker build ended with 1\n[^]*no route to the registry/),
  });
});

test("a kept toolchain is made ready once, stays so when an operation ends, and is ended once", async () => {
  const done: string[] = [];
  const toolchain: Toolchain = {
    name: "t",
    reason: "a test",
    prepare: () => {
      done.push("prepare");
      return Promise.resolve({ env: {}, leaveOut: {} });
    },
    compose: () => Promise.resolve([]),
    localName: image => image,
    stop: () => {
      done.push("stop");
      return Promise.resolve();
    },
  };
  const one = kept(toolchain);
  const request = { images: {}, log: () => undefined };
  expect(await one.prepare(request)).toBe(await one.prepare(request));
  await one.stop();
  expect(done).toEqual(["prepare"]);
  await one.end();
  expect(done).toEqual(["prepare", "stop"]);
});
