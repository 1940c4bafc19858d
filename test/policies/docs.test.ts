import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readme } from "../../policies/docs";

test("policies/README.md is what the rules say; else run node --import tsx policies/docs.ts", () => {
  expect(readFileSync(join(__dirname, "../../policies/README.md"), "utf8")).toBe(readme());
});
