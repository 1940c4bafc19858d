import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import pack from "../../policies/package.json";
import project from "../../package.json";

const root = resolve(__dirname, "../../policies");
const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(file => file.endsWith(".ts"));

test("the pack has the name and version that the engine asks for, and the project's version of every library", () => {
  expect(pack.name).toMatch(/^[a-z-]+$/);
  expect(pack.version).toMatch(/^\d+\.\d+\.\d+$/);
  const ofProject = Object.keys(pack.dependencies).map(name => [name, (project.dependencies as Record<string, string>)[name]]);
  expect(pack.dependencies).toEqual(Object.fromEntries(ofProject));
});

test("the pack imports nothing from the other rooms, and no provider's SDK, which would slow its start", () => {
  const outside = sources.flatMap(file => {
    const imports = [...readFileSync(join(root, file), "utf8").matchAll(/from "([^"]+)"/g)].map(([, name]) => name!);
    const left = imports.filter(name =>
      name.startsWith(".")
        ? relative(root, resolve(root, dirname(file), name)).startsWith("..")
        : !(name in pack.dependencies) && !name.startsWith("node:"),
    );
    return left.map(name => `${file}: ${name}`);
  });
  expect(outside).toEqual([]);
  expect(sources.length).toBeGreaterThan(20);
});

test("only the entry point constructs the pack, which starts a server", () => {
  expect(sources.filter(file => /new PolicyPack\(/.test(readFileSync(join(root, file), "utf8")))).toEqual(["index.ts"]);
});
