import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Artifact } from "../artifacts";
import { goModule } from "../go-module";
import { needGo } from "../prerequisites";
import { customSchemasOf, schemasOf, type CustomResourceDefinition, type Swagger } from "./convert";
import pinned from "./module.json";

const moduleFile = async (source: (typeof pinned)[keyof typeof pinned]) => readFile(join(await goModule(source), source.file), "utf8");

/** Schemas of every kind of the Kubernetes API, and of the Gateway API's routes, made from the descriptions that lie in their own Go modules. */
export const kubernetesSchemas: Artifact = {
  name: "kubernetes-schemas",
  inputs: [join("sandbox", "images", "kubernetes-schemas")],
  settings: "",
  seconds: 20,
  async make(target) {
    await needGo();
    const swagger = JSON.parse(await moduleFile(pinned.kubernetes)) as Swagger;
    const route = parse(await moduleFile(pinned.gateway)) as CustomResourceDefinition;
    const folder = join(target, "kubernetes-schemas");
    await mkdir(folder);
    const files = { ...schemasOf(swagger), ...customSchemasOf(route) };
    for (const [name, schema] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(schema));
  },
};
