import { createLogger, secretsIn } from "../../ops/logger";

function recorded() {
  const lines: string[] = [];
  return { lines, logger: createLogger({ out: text => lines.push(`out ${text}`), err: text => lines.push(`err ${text}`) }) };
}

test("results go to standard output, notes to standard error", () => {
  const { lines, logger } = recorded();
  logger.result("a");
  logger.note("b");
  expect(lines).toEqual(["out a\n", "err b\n"]);
});

test("a hidden value is masked everywhere, whole and line by line, the longer one first", () => {
  const { lines, logger } = recorded();
  logger.hide(["password1", "password1-and-more", "first line of a key\nsecond line of a key"]);
  logger.result("x password1-and-more y password1 z second line of a key");
  expect(lines).toEqual(["out x [secret] y [secret] z [secret]\n"]);
});

test("short values are left alone: they would mask innocent text", () => {
  const { lines, logger } = recorded();
  logger.hide(["5432", ""]);
  logger.result("port 5432");
  expect(lines).toEqual(["out port 5432\n"]);
});

test("every plain text that a deployment marks as secret is found, nested ones too", () => {
  const secret = (value: unknown) => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(value) });
  expect(secretsIn({ resources: [{ outputs: { a: secret("one"), b: [secret({ c: "two", d: 3 })] }, inputs: { plain: "no" } }] })).toEqual([
    "one",
    "two",
  ]);
});
