import { run, succeed } from "./shell";

describe("run", () => {
  it("gives output, exit code and the code of each part of the last pipeline", async () => {
    expect(await run("echo out; echo err >&2; false | true")).toEqual({ code: 0, stdout: "out\n", stderr: "err\n", stages: [1, 0] });
    expect(await run("true | grep nothing # a comment")).toMatchObject({ code: 1, stages: [0, 1] });
  });

  it("types its input", async () => {
    expect((await run("cat", { input: "typed" })).stdout).toBe("typed");
  });

  it("stops what takes too long, with its children, and keeps what it wrote", async () => {
    const began = Date.now();
    const { code, stdout } = await run("echo begun; sleep 300 | cat", { seconds: 1 });
    expect([code, stdout]).toEqual([124, "begun\n"]);
    expect(Date.now() - began).toBeLessThan(20_000);
  });
});

describe("succeed", () => {
  it("fails with the command and what it wrote", async () => {
    await expect(succeed("echo why; exit 3")).rejects.toThrow(/exit code 3: echo why; exit 3\nwhy/);
  });
});
