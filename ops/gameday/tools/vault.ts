import type Docker from "dockerode";
import type { OpenVault } from "../../backups/open-vault";
import { execIn } from "../../exec";

/** The vault's server, and what can befall it. */
export class Vault {
  private readonly container: Docker.Container;
  /** Its own share of the processor while it has less, in billionths of a core. */
  private own?: number;

  constructor(
    private readonly docker: Docker,
    private readonly vault: OpenVault,
  ) {
    this.container = docker.getContainer(vault.container);
  }

  /** Ends it at once, with every upload that is under way. */
  async kill(): Promise<void> {
    // A restart policy brings back what was killed; a stop without patience does not.
    await this.container.stop({ t: 0 }).catch(unchanged);
  }

  /** Leaves it a small share of the processor until it is started again: what is sent to it then takes seconds, on a fast machine too. */
  async slow(): Promise<void> {
    const { HostConfig } = await this.container.inspect();
    this.own ??= HostConfig.NanoCpus ?? 0;
    await this.container.update({ NanoCpus: SLOW_NANO_CPUS });
  }

  async start(): Promise<void> {
    if (this.own !== undefined) await this.container.update({ NanoCpus: this.own });
    this.own = undefined;
    await this.container.start().catch(unchanged);
  }

  /** Flips one bit in the middle of a backup's largest file, as a failing disk would. */
  async flipBit(job: string, id: string): Promise<Damage> {
    const files = await this.find(`*/${job}/*${id}*`, "-type", "f", "-size", "+0");
    const file = files.find(path => !path.includes("/manifests/") && !path.includes("/versions/"));
    if (!file) throw new Error(`the vault's disk has no file of backup ${id} of ${job}`);
    const flip = () => this.sh(FLIP, file);
    await flip();
    return { file: file.split("/").slice(-3).join("/"), mend: flip };
  }

  /** Settles once an upload in parts is under way that was not before. */
  async uploading(): Promise<void> {
    const before = new Set(await this.uploads());
    for (const end = Date.now() + UPLOAD_MS; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 100))) {
      if ((await this.uploads()).some(path => !before.has(path))) return;
    }
    throw new Error(`no upload has begun within ${UPLOAD_MS / 1000} s`);
  }

  private uploads(): Promise<string[]> {
    return this.find("*/multipart/*/*", "-type", "f");
  }

  private async find(path: string, ...tests: string[]): Promise<string[]> {
    const { stdout } = await execIn(this.docker, this.vault.container, ["find", this.vault.disk, "-path", path, ...tests]);
    return stdout.split("\n").filter(line => line !== "");
  }

  private async sh(script: string, file: string): Promise<void> {
    const { code, stderr } = await execIn(this.docker, this.vault.container, ["sh", "-ec", script, "sh", file]);
    if (code !== 0) throw new Error(`${file} could not be changed: ${stderr}`);
  }
}

/** A bit that was flipped; flipping it again mends it. */
export interface Damage {
  file: string;
  mend(): Promise<void>;
}

/** A tenth of a core. */
const SLOW_NANO_CPUS = 1e8;
/** Longest wait for an upload to begin: a dump is made before it is sent. */
const UPLOAD_MS = 120_000;

/** Reads the byte in the middle of file $1 and writes it back with its lowest bit changed. */
const FLIP = [
  'at=$(( $(wc -c < "$1") / 2 ))',
  'byte=$(dd if="$1" bs=1 skip=$at count=1 2>/dev/null | od -An -tu1 | tr -d " ")',
  'printf "\\\\$(printf %o $(( byte ^ 1 )))" | dd of="$1" bs=1 seek=$at conv=notrunc 2>/dev/null',
].join("\n");

function unchanged(error: { statusCode?: number }): void {
  if (error.statusCode !== 304) throw error as Error;
}
