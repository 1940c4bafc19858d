import { run } from "./run";

/** The folder of a Go module, whose content the pinned checksum proves. */
export async function goModule({ module, sum }: { module: string; sum: string }): Promise<string> {
  const found = JSON.parse(await run("go", ["mod", "download", "-json", module])) as { Dir: string; Sum: string };
  if (found.Sum !== sum) throw new Error(`${module} has the checksum ${found.Sum}, not ${sum}`);
  return found.Dir;
}
