import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import {
  checkStackName,
  mergeStackFile,
  preparePlace,
  prepareWorkFolder,
  readPlace,
  readStack,
  readStackFile,
  settingsOf,
  stateFile,
  stateOf,
  vaultPlace,
  withoutState,
  workFolder,
  writeStackFile,
} from "../../ops/workspace";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "t-ops-work-"));
  writeFileSync(join(root, "Pulumi.yaml"), "name: p\nruntime: nodejs\nmain: index.ts\n");
  writeFileSync(join(root, "Pulumi.dev.yaml"), "config:\n  p:disposable: true\n  other:key: 1\n");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("the salt of the last copy survives, the committed settings win over it", () => {
  const merged = mergeStackFile({ config: { "p:a": 1 } }, { config: { "p:a": 0, "p:gone": 1 }, encryptionsalt: "salt" }, "p", {});
  expect(merged).toEqual({ config: { "p:a": 1 }, encryptionsalt: "salt" });
});

test("a committed salt is never replaced", () => {
  expect(mergeStackFile({ encryptionsalt: "theirs" }, { encryptionsalt: "ours" }, "p", {}).encryptionsalt).toBe("theirs");
});

test("what the toolchain leaves out is added to what the stack leaves out, whose reasons win", () => {
  const merged = mergeStackFile({ config: { "p:leaveOut": { b: "declared" } } }, undefined, "p", { leaveOut: { a: "no image", b: "no image" } });
  expect(merged.config).toEqual({ "p:leaveOut": { a: "no image", b: "declared" } });
});

test("the vault's stack is added where there is one, and a committed one wins over it", () => {
  expect(mergeStackFile({}, undefined, "p", { vault: "organization/v/dev" }).config).toEqual({ "p:vault": "organization/v/dev" });
  expect(mergeStackFile({ config: { "p:vault": "mine/v/dev" } }, undefined, "p", { vault: "organization/v/dev" }).config).toEqual({
    "p:vault": "mine/v/dev",
  });
});

test("a stack learns of its vault once the vault has a state, and the vault works in a folder of its own", () => {
  mkdirSync(join(root, "vault"));
  writeFileSync(join(root, "vault/Pulumi.yaml"), "name: v\nruntime: nodejs\n");
  expect(readStack("dev", {}, root).settings).not.toHaveProperty("vault");
  const { folder } = vaultPlace("dev", root);
  const state = stateFile(folder.backend, "v", "dev");
  mkdirSync(dirname(state), { recursive: true });
  writeFileSync(state, "{}");
  expect(readStack("dev", {}, root).settings).toEqual({ disposable: true, vault: "organization/v/dev" });
  expect(folder).toMatchObject({ path: join(root, ".state/vaults/dev"), passphrase: workFolder("dev", root).passphrase });
});

describe("a state in AWS", () => {
  const provider = "awskms://alias/s?region=us-east-1";
  const secret = { "p:notifications": { "on-call": { pagerdutyRoutingKey: { secure: "v1:x" } } } };
  beforeEach(() => {
    const config = { "p:stateUrl": "s3://s?region=us-east-1", "p:vault": "organization/v/prod", ...secret };
    writeFileSync(join(root, "Pulumi.prod.yaml"), JSON.stringify({ secretsprovider: provider, config }));
    mkdirSync(join(root, "vault"));
    writeFileSync(join(root, "vault/Pulumi.yaml"), "name: v\nruntime: nodejs\n");
    writeFileSync(join(root, "vault/Pulumi.prod.yaml"), "config:\n  v:provider: aws\n");
  });

  test("is where the stack's file says, for the stack and for its vault", () => {
    expect(stateOf("prod", root)).toEqual({ url: "s3://s?region=us-east-1", secretsProvider: provider });
    expect(stateOf("dev", root)).toEqual({ url: `file://${workFolder("dev", root).backend}`, secretsProvider: undefined });
    expect(prepareWorkFolder("prod", {}, root)).toMatchObject({ url: "s3://s?region=us-east-1", secretsProvider: provider });
    const place = vaultPlace("prod", root);
    expect(preparePlace(place, "prod", readPlace(place, "prod", {})).url).toBe("s3://s?region=us-east-1");
    expect(readStackFile(place.folder.path, "prod").secretsprovider).toBe(provider);
  });

  test("keeps the key that Pulumi encrypted for it, in the copy and not in the checkout", () => {
    const { path } = prepareWorkFolder("prod", {}, root);
    writeStackFile(path, "prod", { ...readStackFile(path, "prod"), encryptedkey: "k" });
    prepareWorkFolder("prod", {}, root);
    expect(readStackFile(path, "prod")).toMatchObject({ secretsprovider: provider, encryptedkey: "k" });
    expect(readFileSync(join(root, "Pulumi.prod.yaml"), "utf8")).not.toContain("encryptedkey");
  });

  test("is not asked for what is only judged: neither for its key, nor for the vault, nor for what only the key opens", () => {
    const file = { ...readStackFile(prepareWorkFolder("prod", {}, root).path, "prod"), encryptedkey: "k" };
    const closed = { "on-call": { pagerdutyRoutingKey: "https://secret.invalid" } };
    expect(withoutState(file, "p", false)).toEqual({ config: { "p:stateUrl": "s3://s?region=us-east-1", "p:notifications": closed } });
    expect(withoutState({ config: secret, encryptionsalt: "s" }, "p", true)).toEqual({ config: secret, encryptionsalt: "s" });
  });
});

test("settings are those of the namespace, without it", () => {
  expect(settingsOf({ config: { "p:a": { b: 1 }, "other:c": 2 } }, "p")).toEqual({ a: { b: 1 } });
});

test("preparing writes copies and a passphrase of mode 0600 below .state, and keeps both", () => {
  const first = prepareWorkFolder("dev", { a: "no image" }, root);
  const passphrase = readFileSync(first.passphrase, "utf8");
  expect(passphrase.length).toBeGreaterThanOrEqual(40);
  expect(statSync(first.passphrase).mode & 0o777).toBe(0o600);
  expect(parse(readFileSync(join(first.path, "Pulumi.yaml"), "utf8"))).toEqual({ name: "p", runtime: "nodejs" });
  const copy = join(first.path, "Pulumi.dev.yaml");
  writeFileSync(copy, `${readFileSync(copy, "utf8")}encryptionsalt: s\n`);
  const second = prepareWorkFolder("dev", {}, root);
  expect(readFileSync(second.passphrase, "utf8")).toBe(passphrase);
  expect(parse(readFileSync(copy, "utf8"))).toEqual({ config: { "p:disposable": true, "other:key": 1 }, encryptionsalt: "s" });
  expect(readFileSync(join(root, "Pulumi.dev.yaml"), "utf8")).not.toContain("encryptionsalt");
});

test("a stack without a file and a file that is not YAML are refused by name", () => {
  expect(() => readStack("prod", {}, root)).toThrow("--stack: there is no Pulumi.prod.yaml");
  writeFileSync(join(root, "Pulumi.dev.yaml"), "config: [");
  expect(() => readStack("dev", {}, root)).toThrow(/Pulumi.dev.yaml is not YAML/);
});

test.each(["", "Dev", "../dev", "a b", "1dev"])("the stack name %p is refused", name => {
  expect(() => checkStackName(name)).toThrow(`--stack: "${name}" is not allowed`);
});
