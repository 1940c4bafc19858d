import { readdirSync } from "node:fs";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cached } from "./cache";
import { filesOf, hashOf } from "../../ops/content-hash";
import { need, needGo } from "./prerequisites";
import { run, step, type Log } from "./run";

/** The checkout. */
export const ROOT = dirname(dirname(__dirname));

/** Something from a package registry that goes into images, made once and kept in the cache. */
export interface Artifact {
  name: string;
  /** Files and folders that decide what it is, relative to the checkout. */
  inputs: string[];
  /** Everything else that decides it. */
  settings: string;
  /** Roughly how long it takes the first time on 2 cores, in seconds. */
  seconds: number;
  /** Fills a folder with what goes into an image. */
  make(folder: string, log: Log): Promise<void>;
}

export async function keyOf(artifact: Artifact): Promise<string> {
  return `${artifact.name}-${await hashOf(ROOT, artifact.inputs, artifact.settings)}`;
}

/** The folder with an artifact's files under `artifacts/`, made now if the cache has none. */
export async function obtain(artifact: Artifact, log: Log): Promise<string> {
  return cached(await keyOf(artifact), folder =>
    step(`${artifact.name}: make it from packages, once`, artifact.seconds, log, async () => {
      const files = join(folder, "artifacts");
      await mkdir(files);
      await artifact.make(files, log);
    }),
  );
}

/**
 * Programs compiled from a Go module.
 *
 * @param packages package to compile → name of the program; `.` is the recipe's own main package
 * @param variables link-time variables, such as the version that a program reports
 * @param folder with the go.mod, relative to the checkout. @default - the one of its name among the images
 */
export function goPrograms(options: {
  name: string;
  packages: Record<string, string>;
  seconds: number;
  variables?: Record<string, string>;
  folder?: string;
}): Artifact {
  const { name, packages, seconds, variables = {}, folder = join("sandbox", "images", name) } = options;
  const linker = ["-s", "-w", ...Object.entries(variables).map(([variable, value]) => `-X=${variable}=${value}`)].join(" ");
  return {
    name,
    inputs: goSources(folder),
    settings: JSON.stringify([packages, linker]),
    seconds,
    async make(target) {
      await needGo();
      const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -trimpath -buildvcs=false" };
      for (const [pkg, program] of Object.entries(packages)) {
        await run("nice", ["-n", "10", "go", "build", "-ldflags", linker, "-o", join(target, program), pkg], { cwd: join(ROOT, folder), env });
      }
    },
  };
}

/** What Go compiles in a folder: a changed Dockerfile or test beside it compiles nothing anew. */
function goSources(folder: string): string[] {
  const names = readdirSync(join(ROOT, folder)).filter(name => /^go\.(mod|sum)$|\.go$/.test(name) && !name.endsWith("_test.go"));
  return names.map(name => join(folder, name));
}

/** The jars of a pom.xml's run-time dependencies, under `jars/`. */
export function mavenJars(name: string, seconds: number): Artifact {
  const pom = join("sandbox", "images", name, "pom.xml");
  return {
    name: `${name}-jars`,
    inputs: [pom],
    settings: "",
    seconds,
    async make(target, log) {
      await need("mvn", log);
      const output = join(target, "jars");
      await run("mvn", ["-q", "-B", "-f", join(ROOT, pom), "dependency:copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${output}`]);
    },
  };
}

/** Python packages of a complete list of pins, installed for the images' Python under `site-packages/`, commands under `bin/`. */
export function pythonPackages(name: string, requirements: string, seconds: number): Artifact {
  const python = ["--python-version=3.13", "--implementation=cp", "--abi=cp313", "--abi=abi3", "--abi=none"];
  const platforms = ["manylinux_2_34", "manylinux_2_28", "manylinux_2_17", "manylinux2014"].map(platform => `--platform=${platform}_x86_64`);
  return {
    name: `${name}-python`,
    inputs: [requirements],
    settings: JSON.stringify([python, platforms]),
    seconds,
    async make(target, log) {
      await need("pip", log);
      const site = join(target, "site-packages");
      // The list is complete and made for the image's Python; pip would judge it by this machine's.
      const options = [
        "--quiet",
        "--no-deps",
        "--ignore-requires-python",
        "--only-binary=:all:",
        "--no-compile",
        "--disable-pip-version-check",
        "--root-user-action=ignore",
      ];
      await run("pip", ["install", ...options, ...python, ...platforms, `--target=${site}`, `--requirement=${join(ROOT, requirements)}`]);
      await rename(join(site, "bin"), join(target, "bin"));
      await useImagePython(join(target, "bin"));
    },
  };
}

/** pip writes this machine's Python into the first line of the commands. */
async function useImagePython(bin: string): Promise<void> {
  for (const command of await filesOf(bin)) {
    const text = await readFile(command, "utf8");
    await writeFile(command, text.replace(/^#!.*python.*\n/, "#!/usr/bin/python3\n"));
    await chmod(command, 0o755);
  }
}

/** A Python program for this machine, of a complete list of pins, with a command of its name that starts its module. */
export function pythonProgram(name: string, module: string, seconds: number): Artifact {
  const requirements = join("sandbox", "images", name, "requirements.txt");
  return {
    name,
    inputs: [requirements],
    settings: module,
    seconds,
    async make(target, log) {
      await need("pip", log);
      const options = ["--quiet", "--no-deps", "--only-binary=:all:", "--no-compile", "--disable-pip-version-check", "--root-user-action=ignore"];
      const site = `--target=${join(target, "site-packages")}`;
      await run("nice", ["-n", "10", "pip", "install", ...options, site, `--requirement=${join(ROOT, requirements)}`]);
      // Found from where it lies, since the folder is moved into the cache when it is complete.
      const command = `#!/bin/sh\nPYTHONPATH="$(dirname "$0")/site-packages" exec python3 -m ${module} "$@"\n`;
      await writeFile(join(target, name), command, { mode: 0o755 });
    },
  };
}
