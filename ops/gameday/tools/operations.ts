import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { OpenVault } from "../../backups/open-vault";
import { type Context } from "../../context";
import { holding } from "../../locks";
import type { StackPlan } from "../../project";
import { clearWorkFolder } from "../../record";
import { type Done, restoreAndTakeOver, vaultBackups } from "../../restore";
import { type Wanted, choose } from "../../restore/choose";
import { chosenTargets } from "../../restore/targets";
import type { Steps } from "../../steps";
import { readStack, workFolder } from "../../workspace";
import type { Figures } from "../journal";

/** The operations that the runbook answers a failure with. */
export class Operations {
  constructor(
    private readonly context: Context,
    private readonly plan: StackPlan,
    private readonly vault: OpenVault,
    private readonly steps: Steps,
    private readonly figures: Figures,
    private readonly bringUp: (context: Context) => Promise<void>,
  ) {}

  async up(): Promise<void> {
    const began = this.steps.elapsed();
    const { context, steps } = this;
    // One clock is enough, and its result is part of ours.
    const note = (text: string) => steps.say(text.replace(/^\[[\dms.]+\] /, ""));
    await this.bringUp({ ...context, tty: false, logger: { ...context.logger, note, result: () => undefined } });
    this.figures.upSeconds = (this.figures.upSeconds ?? 0) + this.steps.elapsed() - began;
  }

  /** Restores, beside and then in place; `up` afterwards is the caller's. */
  async restore({ only, ...wanted }: Wanted & { only?: string } = {}): Promise<Done[]> {
    const began = this.steps.elapsed();
    const { context, plan, vault, steps } = this;
    const done = await holding(workFolder(context.stack, context.root).path, context.host, context.logger.note, async () => {
      const kept = await steps.run("Asking the vault what there is", () => vaultBackups(context, plan, vault));
      return restoreAndTakeOver(context, plan, vault, choose(chosenTargets(plan, only), kept, wanted, new Date()), steps);
    });
    this.figures.restoreSeconds = (this.figures.restoreSeconds ?? 0) + this.steps.elapsed() - began;
    const database = done.find(({ restored }) => restored.label)?.restored;
    if (database) this.figures.restored = { id: database.id, label: database.label! };
    return done;
  }

  /** The stack's state is gone, with the passwords that it held. The vault's state and the passphrase stay. */
  loseState(): void {
    const { stack, root } = this.context;
    const { project } = readStack(stack, {}, root);
    const { path, backend } = workFolder(stack, root);
    for (const kept of ["stacks", "backups", "history"]) {
      const folder = join(backend, ".pulumi", kept, project);
      for (const name of existsSync(folder) ? readdirSync(folder) : []) {
        if (name === stack || name.startsWith(`${stack}.json`)) rmSync(join(folder, name), { recursive: true });
      }
    }
    clearWorkFolder(path);
  }
}
