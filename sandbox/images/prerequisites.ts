import { run, type Log } from "./run";

/** Debian package of each command that a recipe needs and a fresh machine may lack. */
const DEBIAN_PACKAGE = { mmdebstrap: "mmdebstrap", mvn: "maven", pip: "python3-pip", tar: "tar" } as const;

async function runs(command: string, args: string[]): Promise<boolean> {
  return run(command, args).then(
    () => true,
    () => false,
  );
}

/** Makes a command available, from Debian where this machine has none and the user may install. */
export async function need(command: keyof typeof DEBIAN_PACKAGE, log: Log): Promise<void> {
  if (await runs(command, ["--version"])) return;
  const name = DEBIAN_PACKAGE[command];
  if (process.getuid?.() !== 0) throw new Error(`${command} is needed and is not on PATH: install it (Debian: apt-get install ${name})`);
  log(`installing ${name} from Debian: ${command} is not on PATH`);
  await run("apt-get", ["update", "-qq"]);
  await run("apt-get", ["install", "-qqy", "--no-install-recommends", name], { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
}

/** Debian's Go is too old for these modules, so Go is not installed from there. */
export async function needGo(): Promise<void> {
  if (!(await runs("go", ["version"]))) throw new Error("Go 1.26 or later is needed to compile from Go modules: install it so that `go` is on PATH");
}

export async function needDocker(): Promise<void> {
  await run("docker", ["version", "--format", "{{.Server.Version}}"]).catch((error: Error) => {
    throw new Error(`Docker does not answer; start the daemon or set DOCKER_HOST. ${error.message}`);
  });
}
