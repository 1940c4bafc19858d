import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { DockerBackend } from "../../components/backends/docker/backend";
import { Platform } from "../../components/platform";
import { parseConfig } from "../../config";
import images from "../../images.lock.json";
import { type System, without } from "../../systems/declaration";
import { ultrathink } from "../../systems/ultrathink";
import { Vault } from "../../vault/vault";
import { sweep } from "../sandbox/support/docker";
import { startEngine, type TestEngine } from "../sandbox/support/engine";
import { describeWithImages } from "./support";

jest.setTimeout(420_000);

const PREFIX = "t-archive-";
const STACK = "t-archive";
/** The database, its sidecar and a vault under names of their own, on an address of their own. */
const system: System = {
  ...without(
    ultrathink,
    Object.keys(ultrathink.services).filter(name => name !== "timescaledb" && name !== "backup"),
  ),
  project: "t-archive",
  containerPrefix: PREFIX,
  external: { vault: { ...ultrathink.external.vault!, network: `${PREFIX}vault` } },
};
const bindAddress = "127.0.0.2";

const docker = (...args: string[]) => execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
const volumes = () => docker("volume", "ls", "--quiet", "--filter", `label=dev.ultrathink.stack=${STACK}`).split("\n").sort();

async function until(what: string, condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 120_000; !condition();) {
    if (Date.now() > end) throw new Error(`${what} did not happen within 120 s`);
    await new Promise(resolve => setTimeout(resolve, 1000));
  }
}

describeWithImages("a database and its sidecar with a vault, under the real engine", ["timescaledb", "backup", "object-store"], () => {
  let real: TestEngine;
  let stack: Stack;
  const vault = async () => {
    const { ready, outputs } = new Vault("t", { system, stack: STACK, config: { bindAddress }, images });
    await ready;
    return { ...outputs };
  };
  const config = (reference?: string) => parseConfig({ backend: "docker", bindAddress, ...(reference ? { vault: reference } : {}) }, STACK);
  const platform = (reference?: string) => async () => {
    const args = { system, stack: STACK, images, imageOverrides: {}, leftOut: [], bindAddress, portOffset: 0, gpuDevices: {}, clampCpusTo: 1 };
    await new Platform("t", { system, leftOut: {}, config: config(reference), backend: parent => new DockerBackend("docker", args, { parent }) })
      .ready;
    return {};
  };
  const program = platform(`organization/ultrathink-vault/${STACK}`);
  const clear = async () => {
    for (const prefix of ["t-archive", "t_archive"]) await sweep(prefix);
  };

  beforeAll(async () => {
    await clear();
    real = await startEngine();
  });
  afterAll(async () => {
    await real?.end();
    await clear();
  });

  it("is planned without one", async () => {
    const { changeSummary } = await (await real.stack("t-without", platform(), "t-archive")).preview();
    expect(changeSummary.create).toBeGreaterThan(0);
  });

  it("archives its WAL and makes its first backup, over a socket and data that the two share", async () => {
    await (await real.stack(STACK, vault, "ultrathink-vault", join(real.stateFolder, "vault"))).up();
    stack = await real.stack(STACK, program, "t-archive");
    await stack.up();
    const psql = (sql: string) => docker("exec", `${PREFIX}timescaledb`, "psql", "-U", "ultrathink", "-d", "ultrathink_experiments", "-Atc", sql);
    psql("SELECT pg_switch_wal()");
    await until("archived WAL", () => Number(psql("SELECT archived_count FROM pg_stat_archiver")) > 0);
    await until("a backup", () => docker("exec", `${PREFIX}backup`, "backup", "list", "timescaledb").includes('"job"'));
    expect(() => docker("exec", `${PREFIX}backup`, "touch", "/home/postgres/pgdata/data/probe")).toThrow(/Read-only file system/);
  });

  it("has no secret of the vault in plain text: not in its state, its environment, its arguments or its labels", () => {
    const key = docker("exec", `${PREFIX}backup`, "sh", "-c", "grep secret_access_key /run/secrets/vault-credentials | cut -d' ' -f3");
    expect(key).toHaveLength(32);
    expect(real.stateText()).not.toContain(key);
    for (const service of ["timescaledb", "backup"]) expect(docker("inspect", `${PREFIX}${service}`)).not.toContain(key);
  });

  it("changes nothing when it is brought up again", async () => {
    const { summary } = await stack.up({ refresh: true });
    expect(Object.keys(summary.resourceChanges!)).toEqual(["same"]);
  });

  it("leaves its data when it is destroyed, and no scratch volume", async () => {
    expect(volumes()).toEqual(["t-archive_backup_scratch", "t-archive_timescale_data", "t-archive_timescale_socket"]);
    await stack.destroy({ excludeProtected: true });
    expect(volumes()).toEqual(["t-archive_timescale_data"]);
  });
});
