import { join } from "node:path";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import { prepareEngine } from "../../../sandbox/main";
import { slowProgram } from "./slowProgram";

/** Runs an `up` that stays inside a creation until it is killed: `slowUp.ts STATE_FOLDER`. */
async function main(stateFolder: string): Promise<void> {
  const engine = await prepareEngine(() => {});
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: "interrupted", projectName: "t-sandbox", program: slowProgram },
    {
      pulumiCommand: await PulumiCommand.get({ root: engine.pulumiCommandDir }),
      workDir: stateFolder,
      envVars: { ...engine.env, PULUMI_CONFIG_PASSPHRASE: "only a test", PULUMI_BACKEND_URL: `file://${stateFolder}` },
    },
  );
  await stack.up({ policyPacks: [join(__dirname, "pack")] });
}

void main(process.argv[2]!);
