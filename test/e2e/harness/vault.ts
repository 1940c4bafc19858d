import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { restoreFiles } from "../../../components/backup/files";
import { backupPlan } from "../../../components/backup/plan";
import type { VaultOutputs } from "../../../components/backup/vault";
import images from "../../../images.lock.json";
import { ultrathink } from "../../../systems/ultrathink";
import { root } from "./paths";
import { run, succeed, type Outcome } from "./shell";

/** User of the backup image. */
const USER = 1000;

/** What the vault's stack tells about itself, its secrets decrypted. */
async function outputs(): Promise<VaultOutputs> {
  const state = join(root, ".state");
  const sandbox = readFileSync(join(state, "toolchain"), "utf8").trim() === "sandbox";
  const pulumi = sandbox ? `node --import tsx ${join(root, "sandbox/run.ts")} pulumi` : "pulumi";
  const told = await succeed(`${pulumi} stack output --json --show-secrets --stack dev`, {
    cwd: join(state, "vaults/dev"),
    env: { PULUMI_BACKEND_URL: `file://${join(state, "backend")}`, PULUMI_CONFIG_PASSPHRASE_FILE: join(state, "passphrase") },
  });
  return JSON.parse(told) as VaultOutputs;
}

/**
 * Runs a script of `backups/tests/` as root where a restore would run: a container of the backup image with a restore's files, on the vault's network,
 * and with the vault's own volume at /srv/vault.
 */
export async function besideVault(script: string, args: string[], seconds: number): Promise<Outcome> {
  const { network, authority, restore, cipherPassphrase, manifestKey } = await outputs();
  const folder = mkdtempSync(join(tmpdir(), "ultrathink-e2e-"));
  const name = "e2e-beside-vault";
  try {
    for (const { path, content, secret } of restoreFiles(backupPlan(ultrathink)!, {
      keys: { authority, identity: restore },
      cipherPassphrase,
      manifestKey,
    })) {
      // Its own folder: copied onto `/`, the closed one would close that to the image's user.
      const file = join(folder, "files", path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content, { mode: secret ? 0o400 : 0o444 });
      chownSync(file, USER, USER);
    }
    await succeed(
      `docker create --name ${name} --network ${network} --user 0 --volume ultrathink_vault_data:/srv/vault --entrypoint python3 ${images.backup} /tmp/script.py ${args.join(" ")}`,
    );
    // Docker keeps the owners of a tar stream, and of nothing else.
    await succeed(
      `tar --create --directory ${folder}/files . | docker cp - ${name}:/ && docker cp ${join(root, "backups/tests", script)} ${name}:/tmp/script.py`,
    );
    return await run(`docker start --attach ${name}`, { seconds });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await run(`docker rm --force ${name}`);
  }
}
