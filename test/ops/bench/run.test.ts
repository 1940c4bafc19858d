import { run } from "../../../ops/bench/run";

const node = (script: string) => [process.execPath, "--eval", script];

test("what a command says is passed on, from both of its streams", async () => {
  const lines: string[] = [];
  await run(node('console.log("made"); console.error("warned")'), line => lines.push(line));
  expect(lines.sort()).toEqual(["made", "warned"]);
});

test("a command that fails ends with the operations' own failure", async () => {
  await expect(run(node("process.exit(3)"), () => undefined)).rejects.toMatchObject({
    outcome: "failed",
    message: expect.stringContaining("ended with 3"),
  });
});

test("a cancelled command is waited for while it cleans up", async () => {
  const cancel = new AbortController();
  const lines: string[] = [];
  const script =
    'process.on("SIGTERM", () => setTimeout(() => { console.log("clean"); process.exit(1) }, 50)); setInterval(() => {}, 1000); console.log("ready")';
  const running = run(
    node(script),
    line => {
      lines.push(line);
      if (line === "ready") cancel.abort();
    },
    cancel.signal,
  );
  await expect(running).rejects.toThrow("ended with 1");
  expect(lines).toEqual(["ready", "clean"]);
});
