import { spawn } from "node:child_process";
import { once } from "node:events";
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
  expect(sources.filter(file => /new PolicyPack\(/.test(readFileSync(join(root, file), "utf8")))).toEqual(["pack.ts"]);
});

test("the SDK's own runner, by which Pulumi's CLI starts a pack, starts it", async () => {
  const runner = spawn(process.execPath, [require.resolve("@pulumi/pulumi/cmd/run-policy-pack"), "127.0.0.1:1", root], { cwd: root });
  const said: string[] = [];
  for (const stream of [runner.stdout, runner.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  try {
    await Promise.race([once(runner.stdout, "data"), once(runner, "close")]);
    // The port at which the engine then asks.
    expect(said.join("")).toMatch(/^\d+\n$/);
  } finally {
    runner.kill();
  }
});
