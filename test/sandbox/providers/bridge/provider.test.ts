import { secret } from "../../../../sandbox/providers/bridge/values";
import { StandIn } from "../../../../sandbox/providers/bridge/provider";
import { CreatedButFailed, type ResourceType } from "../../../../sandbox/providers/bridge/resource";
import { bool, int, object, replaces, required, set, string } from "../../../../sandbox/providers/bridge/schema";

const urn = "urn:pulumi:dev::project::pkg:index/thing:Thing::my-thing";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function standIn(overrides: Partial<ResourceType> = {}) {
  const type: ResourceType = {
    schema: {
      name: string({ ...required, ...replaces }),
      size: int({ default: 5 }),
      on: bool({ default: true }),
      mode: string({ rule: { test: value => value === "fast", says: "fast" } }),
      chosen: string({ ...replaces, computed: true }),
      files: set(object({ path: string(required), content: string() }), replaces),
      options: object({ a: string(), b: string() }),
    },
    unimplemented: ["cluster"],
    autoName: true,
    deleteBeforeReplace: true,
    create: async inputs => ({ id: "1", state: inputs }),
    read: async (id, state) => ({ id, state }),
    remove: async () => {},
    ...overrides,
  };
  return new StandIn({ "pkg:index/thing:Thing": type });
}

const check = async (news: object, olds: object = {}) => standIn().check(urn, olds, news);
const diff = async (olds: object, news: object) => standIn().diff("1", urn, olds, news);

describe("check", () => {
  it("fills in the defaults", async () => {
    expect((await check({ name: "a" })).inputs).toEqual({ name: "a", size: 5, on: true });
  });

  it("names a resource that has no name, and keeps that name", async () => {
    const { inputs } = await check({});
    expect(inputs.name).toMatch(/^my-thing-[0-9a-f]{7}$/);
    expect((await check({}, { name: "my-thing-0000001" })).inputs.name).toBe("my-thing-0000001");
  });

  it.each([
    [{ name: "a", colour: "red" }, "colour", /Invalid or unknown key. Known here: chosen, files/],
    [{ name: "a", cluster: {} }, "cluster", /does not implement "cluster" \(the official plugin does\)/],
    [{ name: 7 }, "name", /expected a string, got 7/],
    [{ name: "a", size: 1.5 }, "size", /expected a whole number, got 1.5/],
    [{ name: "a", size: "1" }, "size", /expected a whole number, got "1"/],
    [{ name: "a", mode: "slow" }, "mode", /"slow" is not allowed: use fast/],
    [{ name: "a", files: [{ content: "x" }] }, "files[0].path", /Missing required property/],
    [{ name: "a", files: [{ path: "/x", colour: "red" }] }, "files[0].colour", /Invalid or unknown key/],
  ])("refuses %j", async (news, property, reason) => {
    expect((await check(news)).failures).toEqual([{ property, reason: expect.stringMatching(reason) }]);
  });

  it("lets values pass that a preview does not know yet", async () => {
    expect((await check({ name: unknown, size: unknown, files: [{ path: unknown }] })).failures).toEqual([]);
  });

  it("keeps a secret secret, defaults beside it in the open", async () => {
    const { inputs } = await check({ name: "a", files: [{ path: "/x", content: secret("hush") }] });
    expect(inputs.files).toEqual(secret([{ path: "/x", content: "hush" }]));
    expect(inputs.size).toBe(5);
  });
});

describe("diff", () => {
  it("sees no change in another order of a set, in an empty value or in a computed one that is left out", async () => {
    const files = [{ path: "/a" }, { path: "/b", content: "" }];
    const state = { name: "a", files, size: 5, on: true, chosen: "by the plugin", mode: "", options: { a: "", b: "1" } };
    const inputs = { name: "a", files: [{ path: "/b" }, { path: "/a", content: "" }], size: 5, on: true, options: { b: "1" } };
    expect(await diff(state, inputs)).toMatchObject({ changes: false, replaces: [] });
  });

  it("updates for a property that does not replace", async () => {
    expect(await diff({ name: "a", size: 5 }, { name: "a", size: 6 })).toMatchObject({ changes: true, replaces: [], deleteBeforeReplace: false });
  });

  it("replaces, deleting first, for one that does", async () => {
    expect(await diff({ name: "a" }, { name: "b" })).toMatchObject({ changes: true, replaces: ["name"], deleteBeforeReplace: true });
  });

  it("sees a change where the program no longer says a value that is not computed", async () => {
    expect(await diff({ name: "a", size: 512 }, { name: "a" })).toMatchObject({ changes: true, replaces: [] });
  });

  it("sees a change of a secret", async () => {
    const file = (content: string) => [{ path: "/x", content }];
    expect(await diff({ name: "a", files: secret(file("1")) }, { name: "a", files: secret(file("2")) })).toMatchObject({ replaces: ["files"] });
    expect(await diff({ name: "a", files: secret(file("1")) }, { name: "a", files: secret(file("1")) })).toMatchObject({ changes: false });
  });
});

describe("create, read and update", () => {
  it("hand the plain value on and the secret back", async () => {
    const create = jest.fn(async (inputs: object) => ({ id: "1", state: { ...inputs, extra: "open" } }));
    const inputs = { name: "a", files: secret([{ path: "/x", content: "hush" }]) };
    const { outs } = await standIn({ create }).create(urn, inputs);

    expect(create.mock.calls[0]![0]).toEqual({ name: "a", files: [{ path: "/x", content: "hush" }] });
    expect(outs).toEqual({ ...inputs, extra: "open" });
  });

  it("make declared outputs secret", async () => {
    const provider = standIn({ create: async () => ({ id: "1", state: { password: "hush" } }), secretOutputs: ["password"] });
    expect((await provider.create(urn, { name: "a" })).outs).toEqual({ password: secret("hush") });
  });

  it("keep the program's order where the live state means the same", async () => {
    const files = [{ path: "/b" }, { path: "/a" }];
    const provider = standIn({ read: async id => ({ id, state: { name: "a", files: [{ path: "/a", content: "" }, { path: "/b" }] } }) });
    expect((await provider.read("1", urn, { name: "a", files })).props.files).toEqual(files);
  });

  it("report what is gone by an empty id", async () => {
    expect((await standIn({ read: async () => undefined }).read("1", urn, {})).id).toBe("");
  });

  it("keep what was created and failed, and replace it at the next diff", async () => {
    const create = async () => {
      throw new CreatedButFailed("never healthy", "42", { name: "a" });
    };
    const provider = standIn({ create });
    const error = await provider.create(urn, { name: "a" }).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ message: "never healthy", id: "42", reasons: ["never healthy"] });
    const kept = (error as { properties: object }).properties;
    expect((await provider.diff("42", urn, kept, { name: "a" })).replaces).toHaveLength(1);
  });

  it("refuse a type that has no stand-in, naming those that have", async () => {
    await expect(standIn().create("urn:pulumi:dev::project::pkg:index/other:Other::x", {})).rejects.toThrow(
      /does not implement pkg:index\/other:Other; it knows pkg:index\/thing:Thing/,
    );
  });
});

it("cancels what is under way, and serves the next run", async () => {
  const signals: AbortSignal[] = [];
  const create = (_inputs: object, signal: AbortSignal) => {
    signals.push(signal);
    return Promise.resolve({ id: "1", state: {} });
  };
  const provider = standIn({ create });
  await provider.create(urn, {});
  await provider.cancel();
  await provider.create(urn, {});
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
});
