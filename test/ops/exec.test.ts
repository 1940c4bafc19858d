import { execIn } from "../../ops/exec";
import { FakeDocker } from "./support/docker";

test("output, errors and the exit code come back, and each line as it is written", async () => {
  const fake = new FakeDocker({ answer: () => ({ code: 3, out: "one\ntwo\n", err: "careful\n" }) });
  const seen: string[] = [];
  const result = await execIn(fake.docker, "web", ["ls"], { out: line => seen.push(line), err: line => seen.push(`! ${line}`) });
  expect(result).toEqual({ code: 3, stdout: "one\ntwo", stderr: "careful" });
  expect(seen).toEqual(["one", "two", "! careful"]);
});

test("its input is typed, in one piece or in many", async () => {
  const fake = new FakeDocker();
  async function* many() {
    yield "SELECT 1;\n";
    yield await Promise.resolve("SELECT 2;\n");
  }
  await execIn(fake.docker, "db", ["psql"], { input: "SELECT 0;\n" });
  await execIn(fake.docker, "db", ["psql"], { input: many() });
  expect(fake.calls.map(({ input }) => input)).toEqual(["SELECT 0;\n", "SELECT 1;\nSELECT 2;\n"]);
});
