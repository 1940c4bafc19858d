import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tagged } from "../../ops/image-reference";
import { atLeast } from "../../ops/doctor/assess";
import { buildImages } from "../../sandbox/images/build";
import { RECIPES } from "../../sandbox/images/catalogue";
import type { sandboxToolchain } from "../../sandbox/toolchain";
import lock from "../../images.lock.json";

const folder = (name: string) => join(__dirname, "..", "..", "sandbox", "images", name);
/** Not to be made from packages; the stack leaves them out where they cannot be pulled. */
const NOT_TO_BE_HAD = ["grafana", "dcgm-exporter"];
/** Where the stack runs as containers, it has none of it; its program is the cluster's. */
const OF_CLUSTERS = ["kube-state-metrics"];

test("there is a recipe for each image of the stack, under the stack's own name for it", () => {
  const made = new Map(RECIPES.map(({ name, tag }) => [name, tag]));
  const wanted = Object.entries(lock).filter(([name]) => ![...NOT_TO_BE_HAD, ...OF_CLUSTERS].includes(name));
  expect(wanted.filter(([name, tag]) => made.get(name) !== tagged(tag))).toEqual([]);
});

test("an image that is made here goes by its tag, whatever digest the lock has for the published one", () => {
  const digest = `@sha256:${"a".repeat(64)}`;
  const pinned = Object.fromEntries(Object.entries(lock).map(([name, tag]) => [name, tagged(tag) + digest]));
  jest.isolateModules(() => {
    jest.doMock("../../images.lock.json", () => pinned);
    const catalogue = jest.requireActual<{ RECIPES: typeof RECIPES }>("../../sandbox/images/catalogue");
    expect(catalogue.RECIPES.map(({ tag }) => tag)).toEqual(RECIPES.map(({ tag }) => tag));
    const pinnedToolchain = jest.requireActual<{ sandboxToolchain: typeof sandboxToolchain }>("../../sandbox/toolchain");
    const { localName } = pinnedToolchain.sandboxToolchain("a test");
    expect(localName(`${tagged(lock.redis)}${digest}`)).toBe(tagged(lock.redis));
    // Nobody makes these here: they are there under the name that they were asked for by.
    for (const other of [`registry.example/inference:1.4.2${digest}`, pinned.grafana!]) expect(localName(other)).toBe(other);
  });
  jest.dontMock("../../images.lock.json");
});

test("each recipe comes after those that it starts from", () => {
  const known = new Set(["scratch"]);
  for (const { name, tag } of RECIPES) {
    if (name !== "debian") {
      const dockerfile = readFileSync(join(folder(name), "Dockerfile"), "utf8");
      for (const [, base] of dockerfile.matchAll(/^FROM (\S+)/gm)) expect(known).toContain(base);
    }
    known.add(tag);
  }
});

// The image's tag → the module and the version that go.mod must pin. Prometheus counts its module versions otherwise: v3.7.3 is v0.307.3.
test.each([
  [
    "prometheus",
    "github.com/prometheus/prometheus",
    (tag: string) => tag.replace(/^v3\.(\d+)\.(\d+)$/, (_, minor: string, patch: string) => `v0.30${minor}.${patch}`),
  ],
  ["alertmanager", "github.com/prometheus/alertmanager", (tag: string) => tag],
  ["object-store", "github.com/versity/versitygw", (tag: string) => tag],
  ["loki", "github.com/grafana/loki/v3", (tag: string) => `v${tag}`],
  ["cadvisor", "github.com/google/cadvisor", (tag: string) => tag],
  ["node-exporter", "github.com/prometheus/node_exporter", (tag: string) => tag],
] as const)("%s is compiled from the version that its tag names", (name, module, version) => {
  const [, tag] = tagged(lock[name]).split(":");
  expect(readFileSync(join(folder(name), "go.mod"), "utf8")).toMatch(new RegExp(`${module} ${version(tag!)}( // indirect)?\n`));
});

test("kube-state-metrics is compiled from the version that its tag names", () => {
  const [, tag] = lock["kube-state-metrics"].split(":");
  const goMod = readFileSync(join(__dirname, "..", "..", "sandbox", "cluster", "kube-state-metrics", "go.mod"), "utf8");
  expect(goMod).toContain(`k8s.io/kube-state-metrics/v2 ${tag} `);
});

test("mlflow is installed in the version that its tag names", () => {
  const [, version] = /:v([\d.]+)-full$/.exec(tagged(lock.mlflow))!;
  expect(readFileSync(join(folder("mlflow"), "requirements.txt"), "utf8")).toContain(`\nmlflow==${version}\n`);
});

test("the workload's own Dockerfile has the Go that supercronic asks for, in the sandbox's version of it", () => {
  const dockerfile = readFileSync(join(__dirname, "..", "..", "workloads", "Dockerfile"), "utf8");
  const goMod = readFileSync(join(folder("supercronic"), "go.mod"), "utf8");
  const [, go] = /^FROM golang:([\d.]+)-/m.exec(dockerfile)!;
  const [, supercronic] = /supercronic@(v[\d.]+)$/m.exec(dockerfile)!;
  expect(goMod).toContain(`aptible/supercronic ${supercronic} `);
  expect(atLeast(go!, /^go ([\d.]+)$/m.exec(goMod)![1]!)).toBe(true);
});

test("an unknown name is refused with the known ones", async () => {
  await expect(buildImages(["redsi"], () => {})).rejects.toThrow(/no image redsi in the sandbox; there are: .*redis/);
});
