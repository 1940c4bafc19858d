import { readFileSync } from "node:fs";
import { join } from "node:path";
import { configReference } from "../../docs/config-reference";
import { parseConfig } from "../../config";

const page = readFileSync(join(__dirname, "../../docs/config.md"), "utf8");

describe("docs/config.md", () => {
  it("is current with Pulumi.yaml", () => {
    expect(page).toBe(configReference());
  });

  it("lists exactly the keys that the program takes", () => {
    const listed = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key!).sort();
    expect(listed).toEqual(Object.keys(parseConfig({ backend: "docker" }, "dev")).sort());
  });
});
