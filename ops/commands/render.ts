import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Context } from "../context";
import { CommandFailure } from "../exit";
import type { RenderedFile } from "../project";
import { vaultPlan } from "../vault";
import { readStack, workFolder } from "../workspace";
import { defineCommand, noOptions } from "./command";

/** Writes files into a folder that then holds nothing else. */
export function writeFiles(folder: string, files: RenderedFile[]): void {
  rmSync(folder, { recursive: true, force: true });
  for (const { path, content } of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

/** What the stack's vault lets whom do in AWS. */
async function policyDocuments(context: Context): Promise<RenderedFile[]> {
  if (!existsSync(join(context.root, "vault", `Pulumi.${context.stack}.yaml`))) return [];
  const { documents } = await vaultPlan(context);
  return Object.entries(documents).map(([name, content]) => ({ path: `iam/${name}`, content }));
}

export const render = defineCommand({
  summary: "Write what the stack declares as files: Kubernetes or Compose YAML, and every server's configuration; secrets redacted",
  examples: [
    ["bin/ops render --stack prod", "Kubernetes objects one by one, and the policies in AWS, without a cluster or credentials"],
    ["bin/ops render", "the development stack as a Compose project, and the files that its servers read"],
  ],
  validate: noOptions,
  async run(context) {
    const { stack, root, logger, project } = context;
    const { settings } = readStack(stack, {}, root);
    const files = await (await project()).render(settings, stack).catch((error: Error) => {
      throw new CommandFailure("usage", error.message);
    });
    files.push(...(await policyDocuments(context)));
    const folder = join(workFolder(stack, root).path, "render");
    writeFiles(folder, files);
    logger.result(`${files.length} files in ${relative(root, folder)}/`);
  },
});
