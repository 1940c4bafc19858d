import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renewExitCodes } from "../../docs/exit-codes";

const page = readFileSync(join(__dirname, "../../README.md"), "utf8");

describe("the README's exit codes", () => {
  it("are the command line's", () => {
    expect(renewExitCodes(page)).toBe(page);
  });

  it("need a place", () => {
    expect(() => renewExitCodes("# Title\n")).toThrow("the page has no place for the exit codes");
  });
});
