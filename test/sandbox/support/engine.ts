import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { prepareEngine, type PreparedEngine } from "../../../sandbox/main";

/** The real engine with a state folder of its own, thrown away at the end. */
export interface TestEngine {
  engine: PreparedEngine;
  /** What the engine's preparation and the stand-ins said. */
  said: string[];
  stateFolder: string;
  /** Stacks of different projects need folders of their own to work in. */
  stack(name: string, program: PulumiFn, projectName?: string, workDir?: string): Promise<Stack>;
  /** Everything that the state folder holds, as text. */
  stateText(): string;
  end(): Promise<void>;
}

export async function startEngine(): Promise<TestEngine> {
  const said: string[] = [];
  const engine = await prepareEngine(line => said.push(line));
  const stateFolder = mkdtempSync(join(tmpdir(), "t-sandbox-state-"));
  const pulumiCommand = await PulumiCommand.get({ root: engine.pulumiCommandDir });
  const envVars = { ...engine.env, PULUMI_CONFIG_PASSPHRASE: "only a test", PULUMI_BACKEND_URL: `file://${stateFolder}` };
  return {
    engine,
    said,
    stateFolder,
    stack(name, program, projectName = "t-sandbox", workDir = stateFolder) {
      mkdirSync(workDir, { recursive: true });
      return LocalWorkspace.createOrSelectStack({ stackName: name, projectName, program }, { pulumiCommand, workDir, envVars });
    },
    stateText: () => textUnder(join(stateFolder, ".pulumi")),
    async end() {
      await engine.stop();
      rmSync(stateFolder, { recursive: true, force: true });
    },
  };
}

function textUnder(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map(name => join(folder, name))
    .filter(path => statSync(path).isFile())
    .map(path => readFileSync(path, "utf8"))
    .join("\n");
}
