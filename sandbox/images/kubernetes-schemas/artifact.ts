import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Artifact } from "../artifacts";
import { needGo } from "../prerequisites";
import { run } from "../run";
import { schemasOf, type Swagger } from "./convert";
import pinned from "./module.json";

/** Schemas of every kind of the Kubernetes API, made from the description that lies in its own Go module. */
export const kubernetesSchemas: Artifact = {
  name: "kubernetes-schemas",
  inputs: [join("sandbox", "images", "kubernetes-schemas")],
  settings: "",
  seconds: 20,
  async make(target) {
    await needGo();
    const found = JSON.parse(await run("go", ["mod", "download", "-json", `${pinned.path}@${pinned.version}`])) as { Dir: string; Sum: string };
    if (found.Sum !== pinned.sum) throw new Error(`${pinned.path}@${pinned.version} has the checksum ${found.Sum}, not ${pinned.sum}`);
    const swagger = JSON.parse(await readFile(join(found.Dir, pinned.file), "utf8")) as Swagger;
    const folder = join(target, "kubernetes-schemas");
    await mkdir(folder);
    for (const [name, schema] of Object.entries(schemasOf(swagger))) await writeFile(join(folder, name), JSON.stringify(schema));
  },
};
