import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** Module that holds the engine, in the Go proxy. */
const ENGINE_MODULE = "github.com/pulumi/pulumi/pkg/v3";
const ENGINE_PACKAGE = `${ENGINE_MODULE}/cmd/pulumi`;
/** Where the engine reads its own version from; without it the Automation API refuses the command as too old. */
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** How often a running build says that it is still running, in milliseconds. */
const REPORT_EVERY_MS = 30_000;

/** An engine on this machine. */
export interface Engine {
  /** Folder with `bin/pulumi`, as `PulumiCommand.get({ root })` wants it. */
  root: string;
  version: string;
}

function pinnedVersion(): string {
  const goMod = readFileSync(join(__dirname, "go.mod"), "utf8");
  const version = new RegExp(`${ENGINE_MODULE.replaceAll(".", "\\.")} (v\\S+)`).exec(goMod)?.[1];
  if (!version) throw new Error(`sandbox/engine/go.mod does not require ${ENGINE_MODULE}`);
  return version;
}

function buildArguments(version: string, output: string): string[] {
  return [
    ...["build", "-mod=readonly", "-trimpath", "-buildvcs=false"],
    ...["-ldflags", `-s -w -X ${VERSION_VARIABLE}=${version}`, "-o", output, ENGINE_PACKAGE],
  ];
}

function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "ultrathink", "engine");
}

/** Where the engine of this checkout lies, built or not: keyed by everything that decides what the build makes. */
export function locateEngine(): Engine {
  const version = pinnedVersion();
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(__dirname, file)));
  hash.update(JSON.stringify(buildArguments(version, "")));
  return { version, root: join(cacheFolder(), `${version}-${hash.digest("hex").slice(0, 16)}`) };
}

export function isBuilt(engine: Engine): boolean {
  return existsSync(join(engine.root, "bin", "pulumi"));
}

/**
 * The Pulumi engine, built from its Go module where it is not in the cache yet.
 *
 * @param log receives progress: one line at the start with an estimate, one every half minute
 * @throws when Go is missing or the build fails, with the compiler's last lines
 */
export async function buildEngine(log: (line: string) => void): Promise<Engine> {
  const engine = locateEngine();
  if (isBuilt(engine)) return engine;
  log(`building the Pulumi engine ${engine.version} from its Go module, once: about 5 minutes on 2 free cores`);
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const ticker = setInterval(() => log(`still building the Pulumi engine: ${seconds()} s`), REPORT_EVERY_MS);
  // Built beside its place and renamed: an interrupted build never leaves half an engine, two builds never mix.
  const unfinished = `${engine.root}.${process.pid}`;
  try {
    await mkdir(join(unfinished, "bin"), { recursive: true });
    await runGo(buildArguments(engine.version, join(unfinished, "bin", "pulumi")));
    if (!isBuilt(engine)) await rename(unfinished, engine.root);
  } finally {
    clearInterval(ticker);
    await rm(unfinished, { recursive: true, force: true });
  }
  log(`the Pulumi engine is built (${seconds()} s)`);
  return engine;
}

async function runGo(args: string[]): Promise<void> {
  const env = { ...process.env, CGO_ENABLED: "0" };
  const child = spawn("go", args, { cwd: __dirname, env, stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000)));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.on("close", resolve).on("error", error => {
      const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
      reject(
        missing ? new Error("the Pulumi engine is built from its Go module and needs Go 1.26 or later: install it so that `go` is on PATH") : error,
      );
    }),
  );
  if (code !== 0) throw new Error(`the Pulumi engine did not build (go ended with ${code}):\n${output}`);
}
