import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeReal } from "./support/requirements";

jest.setTimeout(300_000);

const root = join(__dirname, "..", "..");

describeReal("the plain pulumi command in the sandbox", () => {
  const folder = mkdtempSync(join(tmpdir(), "t-sandbox-run-"));
  // Inside the checkout, so that its packages are found; a copy, since the CLI writes the stack's file beside the program.
  const project = mkdtempSync(join(__dirname, "support", ".project-"));
  const env = { ...process.env, PULUMI_BACKEND_URL: `file://${folder}`, PULUMI_CONFIG_PASSPHRASE: "only a test" };

  function pulumi(...args: string[]): Promise<{ code: number; output: string }> {
    const command = ["--import", "tsx", join(root, "sandbox", "run.ts"), "pulumi", ...args, "--non-interactive", "--cwd", project];
    return new Promise(resolve =>
      execFile(process.execPath, command, { cwd: root, env }, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, output: stdout + stderr }),
      ),
    );
  }

  beforeAll(async () => {
    cpSync(join(__dirname, "support", "project"), project, { recursive: true });
    await pulumi("stack", "init", "dev");
  });
  afterAll(() => {
    for (const path of [folder, project]) rmSync(path, { recursive: true, force: true });
  });

  it("brings a project up and down", async () => {
    const up = await pulumi("up", "--yes", "--skip-preview");
    expect(up.output).toMatch(/\+ 2 created/);
    expect(up.output).toMatch(/plugins are stand-ins/);
    expect(up.code).toBe(0);
    expect((await pulumi("preview", "--expect-no-changes")).code).toBe(0);
    expect((await pulumi("destroy", "--yes", "--skip-preview")).code).toBe(0);
  });

  it("runs policy packs, and fails where a rule is broken", async () => {
    await pulumi("config", "set", "length", "8");
    const broken = await pulumi("preview", "--policy-pack", join(__dirname, "support", "pack"));
    expect(broken.output).toMatch(/a password of 8 characters is too short/);
    expect(broken.code).not.toBe(0);
  });

  it("fails where the program throws, with its message", async () => {
    await pulumi("config", "set", "length", "101");
    const failed = await pulumi("preview");
    expect(failed.output).toMatch(/a length of 101 is absurd/);
    expect(failed.code).not.toBe(0);
  });
});
