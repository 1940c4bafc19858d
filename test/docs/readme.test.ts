import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { commands } from "../../ops/commands";
import { ultrathink } from "../../systems/ultrathink";

const root = join(__dirname, "../..");
const pages = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], { cwd: root, encoding: "utf8" })
  .trim()
  .split("\n")
  .filter(page => existsSync(join(root, page)));
const readme = readFileSync(join(root, "README.md"), "utf8");

/** GitHub's anchor of a heading. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");

describe("the README", () => {
  it("lists every command of the command line, and none that is not there", () => {
    const listed = [...readme.matchAll(/^\| `make ([a-z0-9-]+)/gm)]
      .map(([, name]) => name!)
      .filter(name => !["test", "policy-mutations", "e2e"].includes(name));
    expect(listed.sort()).toEqual(Object.keys(commands).sort());
  });
});

it("counts the services", () => {
  expect(readme).toContain(`${Object.keys(ultrathink.services).length} services`);
});

describe("links in pages", () => {
  it.each(pages)("of %s lead somewhere", page => {
    const text = readFileSync(join(root, page), "utf8").replace(/```[^]*?```/g, "");
    const broken = [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]*)\)/g)]
      .map(([, target]) => target!)
      .filter(target => {
        const [path = "", fragment] = target.split("#");
        const file = path === "" ? join(root, page) : join(root, dirname(page), path);
        if (!existsSync(file)) return true;
        if (!fragment) return false;
        const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading!));
        return !headings.includes(fragment);
      });
    expect(broken).toEqual([]);
  });
});
