import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execute } from "../../../ops/cli";
import { createLogger } from "../../../ops/logger";
import { officialToolchain } from "../../../ops/toolchain";
import { describeWithRegistry, startRegistry, type Registry } from "../../sandbox/support/registry";

jest.setTimeout(180_000);

const MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
const INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";

describeWithRegistry("the image lock before a real registry", () => {
  let registry: Registry;
  let root: string;
  const named = (name: string) => registry.named(name);

  /** Puts one tag over images of two platforms, as published ones are; returns the registry's digest of it. */
  async function pushIndex(name: string, tag: string, digests: string[]): Promise<string> {
    const [host, ...path] = named(name).split("/");
    const at = (reference: string) => `http://${host}/v2/${path.join("/")}/manifests/${reference}`;
    const sizes = await Promise.all(digests.map(async digest => (await (await fetch(at(digest), { headers: { accept: MANIFEST } })).text()).length));
    const platforms = ["amd64", "arm64"].map(architecture => ({ os: "linux", architecture }));
    const manifests = digests.map((digest, index) => ({ mediaType: MANIFEST, digest, size: sizes[index], platform: platforms[index] }));
    const body = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests });
    const put = await fetch(at(tag), { method: "PUT", headers: { "content-type": INDEX }, body });
    if (!put.ok) throw new Error(`the registry does not take the index: ${await put.text()}`);
    const { headers } = await fetch(at(tag), { method: "HEAD", headers: { accept: INDEX } });
    return headers.get("docker-content-digest")!;
  }

  const lockFile = () => join(root, "images.lock.json");
  const written = () => JSON.parse(readFileSync(lockFile(), "utf8")) as Record<string, string>;
  const write = (lock: Record<string, string>) => writeFileSync(lockFile(), `${JSON.stringify(lock, null, 2)}\n`);

  async function images(...args: string[]): Promise<{ code: number; text: string }> {
    const lines: string[] = [];
    const logger = createLogger({ out: text => lines.push(text), err: text => lines.push(text) });
    const code = await execute(["images", ...args], officialToolchain("a test"), { root, logger });
    return { code, text: lines.join("") };
  }

  /** A digest as the table shows it. */
  const short = (digest: string) => digest.slice(0, 19);

  beforeAll(async () => {
    registry = await startRegistry();
  }, 300_000);
  afterAll(() => registry?.stop());
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "t-images-"))));
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
    registry.forget();
  });

  test("gets the digest of each tag, in its place, and says what it was; an image built here is left alone", async () => {
    const [one, two, workloads] = [named("one:1.0.0"), named("two:2.0.0"), "ultrathink/workloads:0.1.0"];
    const digests = [await registry.push("one:1.0.0", "one"), await registry.push("two:2.0.0", "two")] as const;
    const old = `sha256:${"0".repeat(64)}`;
    write({ one, workloads, two: `${two}@${old}` });
    const { code, text } = await images();
    expect(code).toBe(0);
    expect(readFileSync(lockFile(), "utf8")).toBe(
      `{\n  "one": "${one}@${digests[0]}",\n  "workloads": "${workloads}",\n  "two": "${two}@${digests[1]}"\n}\n`,
    );
    expect(text).toMatch(new RegExp(`one +${one} +none +${short(digests[0])}`));
    expect(text).toMatch(new RegExp(`two +${two} +${short(old)} +${short(digests[1])}`));
    expect(text).toContain("Built from this repository, so without a digest: workloads");
    expect(await images("--check")).toMatchObject({ code: 0 });
  });

  test("gets the digest of the index of many platforms, by which Docker pulls the one of this machine", async () => {
    const platforms = [await registry.push("many:amd64", "amd64"), await registry.push("many:arm64", "arm64")];
    const digest = await pushIndex("many", "1.0.0", platforms);
    write({ many: named("many:1.0.0") });
    expect(await images()).toMatchObject({ code: 0 });
    const { many } = written();
    expect(many).toBe(`${named("many:1.0.0")}@${digest}`);
    registry.forget();
    const said = execFileSync("docker", ["pull", many!], { encoding: "utf8" });
    expect(said).toContain(`Digest: ${digest}`);
  });

  test("notices that a tag has moved, changes nothing with --check, and takes the new digest without", async () => {
    const tag = named("moving:1.0.0");
    const before = await registry.push("moving:1.0.0", "before");
    write({ moving: `${tag}@${before}` });
    expect(await images("--check")).toMatchObject({ code: 0 });
    const after = await registry.push("moving:1.0.0", "after");
    const { code, text } = await images("--check");
    expect(code).toBe(3);
    expect(text).toMatch(new RegExp(`moving +${tag} +${short(before)} +${short(after)}`));
    expect(written()).toEqual({ moving: `${tag}@${before}` });
    expect(await images()).toMatchObject({ code: 0 });
    expect(written()).toEqual({ moving: `${tag}@${after}` });
  });

  test("does not pass an image without a digest", async () => {
    await registry.push("bare:1.0.0", "bare");
    write({ bare: named("bare:1.0.0") });
    expect(await images("--check")).toMatchObject({ code: 3 });
    expect(written()).toEqual({ bare: named("bare:1.0.0") });
  });

  test("takes a newer version whose tag somebody wrote over the old one", async () => {
    const old = await registry.push("version:1.0.0", "old");
    const newer = await registry.push("version:1.1.0", "newer");
    write({ version: `${named("version:1.1.0")}@${old}` });
    expect(await images("--check")).toMatchObject({ code: 3 });
    expect(await images()).toMatchObject({ code: 0 });
    expect(written()).toEqual({ version: `${named("version:1.1.0")}@${newer}` });
  });

  test("stays as it was when one image cannot be looked up; the error names image, registry and what to do", async () => {
    await registry.push("there:1.0.0", "there");
    const other = await startRegistry();
    await other.stop();
    const lock = { there: named("there:1.0.0"), unknown: named("there:9.9.9"), gone: other.named("gone:1.0.0") };
    write(lock);
    const { code, text } = await images();
    expect(code).toBe(1);
    expect(written()).toEqual(lock);
    const host = (reference: string) => reference.split("/")[0];
    expect(text).toContain("2 of 3 images could not be looked up, so images.lock.json is as it was");
    expect(text).toMatch(new RegExp(`unknown: ${lock.unknown}, asked of ${host(lock.unknown)}: .*manifest unknown`));
    expect(text).toMatch(new RegExp(`gone: ${lock.gone}, asked of ${host(lock.gone)}: .*connection refused`));
    expect(text).toMatch(/run this on a machine whose Docker reaches the registries/);
  });

  test("has a tag for each image, or says which has none before anybody is asked", async () => {
    write({ redis: "redis", kafka: `kafka@sha256:${"0".repeat(64)}` });
    const { code, text } = await images();
    expect(code).toBe(2);
    expect(text).toMatch(/redis: "redis", kafka: "kafka@sha256:0+" has no tag; write it as repository:tag/);
  });
});
