import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import type { VaultOutputs } from "../../components/backup/vault";
import images from "../../images.lock.json";
import { type DeploymentState, unprotected } from "../../ops/orphans";
import type { System } from "../../systems/declaration";
import { ultrathink } from "../../systems/ultrathink";
import { Vault } from "../../vault/vault";
import { sweep } from "../sandbox/support/docker";
import { startEngine, type TestEngine } from "../sandbox/support/engine";
import { describeWithImages } from "./support";

jest.setTimeout(300_000);

const PREFIX = "t-vault-";
/** The same vault under names of its own, on an address of its own: it stands beside a real one. */
const system: System = {
  ...ultrathink,
  containerPrefix: PREFIX,
  external: { vault: { ...ultrathink.external.vault!, network: `${PREFIX}network` } },
};
const STACK = "t-vault";

describeWithImages("a vault under the real engine", ["object-store", "backup"], () => {
  let real: TestEngine;
  let stack: Stack;
  let outputs: VaultOutputs;
  const program = async () => {
    const { ready, outputs } = new Vault("t", { system, stack: STACK, config: { bindAddress: "127.0.0.2" }, images });
    await ready;
    return { ...outputs };
  };

  const clear = async () => {
    await sweep(PREFIX);
    await sweep(PREFIX.replaceAll("-", "_"));
  };

  beforeAll(async () => {
    await clear();
    real = await startEngine();
    stack = await real.stack(STACK, program, "ultrathink-vault");
    const made = (await stack.up()).outputs;
    outputs = Object.fromEntries(Object.entries(made).map(([key, { value }]) => [key, value as unknown])) as unknown as VaultOutputs;
  });
  afterAll(async () => {
    await real?.end();
    await clear();
  });

  it("holds no secret in plain text in its state", () => {
    const state = real.stateText();
    for (const secret of [outputs.writer.secretKey, outputs.restore.secretKey, outputs.cipherPassphrase, outputs.manifestKey]) {
      expect(secret).toHaveLength(32);
      expect(state).not.toContain(secret);
    }
  });

  it("changes nothing when it is brought up again", async () => {
    const { summary } = await stack.up({ refresh: true });
    expect(Object.keys(summary.resourceChanges!)).toEqual(["same"]);
  });

  it("lets the writer add and hide, the restore identity read, and neither destroy", () => {
    const came = JSON.parse(
      execFileSync(
        "docker",
        [
          "run",
          "--rm",
          "--interactive",
          "--network",
          `${PREFIX}network`,
          "--name",
          `${PREFIX}probe`,
          "--entrypoint",
          "python3",
          images.backup,
          "-c",
          probe,
        ],
        {
          input: JSON.stringify(outputs),
          encoding: "utf8",
        },
      ),
    ) as Record<string, string>;
    const allowed = ["writer reads", "writer lists", "writer hides", "restore reads what was hidden"];
    expect(Object.keys(came).filter(what => came[what] === "allowed")).toEqual(
      ["locked", "unlocked"].flatMap(kind => allowed.map(what => `${kind}: ${what}`)),
    );
    expect([...new Set(Object.values(came))].sort()).toEqual(["AccessDenied", "allowed"]);
    expect(Object.keys(came)).toHaveLength(2 * 21 + 1);
  });

  it("keeps its data when it is destroyed, unless that is asked for", async () => {
    await stack.destroy({ excludeProtected: true });
    expect(execFileSync("docker", ["volume", "ls", "--quiet", "--filter", `label=dev.ultrathink.vault=${STACK}`], { encoding: "utf8" }).trim()).toBe(
      "t_vault_network_data",
    );
    const state = await stack.exportStack();
    await stack.importStack({ ...state, deployment: unprotected(state.deployment as DeploymentState) });
    await stack.destroy();
    expect(execFileSync("docker", ["volume", "ls", "--quiet", "--filter", `label=dev.ultrathink.vault=${STACK}`], { encoding: "utf8" }).trim()).toBe(
      "",
    );
  });
});

const probe = readFileSync(join(__dirname, "probe.py"), "utf8");
