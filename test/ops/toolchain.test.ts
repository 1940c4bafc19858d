import { type Toolchain, kept } from "../../ops/toolchain";

test("a kept toolchain is made ready once, stays so when an operation ends, and is ended once", async () => {
  const done: string[] = [];
  const toolchain: Toolchain = {
    name: "t",
    reason: "a test",
    prepare: () => {
      done.push("prepare");
      return Promise.resolve({ env: {}, leaveOut: {} });
    },
    compose: () => Promise.resolve([]),
    stop: () => {
      done.push("stop");
      return Promise.resolve();
    },
  };
  const one = kept(toolchain);
  const request = { images: {}, log: () => undefined };
  expect(await one.prepare(request)).toBe(await one.prepare(request));
  await one.stop();
  expect(done).toEqual(["prepare"]);
  await one.end();
  expect(done).toEqual(["prepare", "stop"]);
});
