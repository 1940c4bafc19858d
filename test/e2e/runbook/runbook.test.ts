import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ultrathink } from "../../../systems/ultrathink";
import { totals } from "./resource-table";
import { commands } from "./commands";
import { standings } from "./corrections";
import { blocks } from "./markdown";

const root = join(__dirname, "../../..");
const page = readFileSync(join(root, "docs/runbook.md"), "utf8");
const originals = readFileSync(join(__dirname, "original-commands.txt"), "utf8").trim().split("\n");

describe("the runbook", () => {
  it("holds every command of its first edition, as written or corrected", () => {
    const found = standings(originals, page);
    expect(found.filter(({ kind }) => kind === "as-written").length).toBeGreaterThan(80);
    expect(found).toHaveLength(new Set(originals).size);
  });

  it("has the resource table of the declaration, and its computed totals", () => {
    const { rows, expected, text } = totals(page);
    expect(rows).toEqual(expected);
    expect(page).toContain(text);
  });

  it("has the threshold table of the declaration", () => {
    const rows = page
      .split("\n### Alerting thresholds\n")[1]!
      .split("\n##")[0]!
      .split("\n")
      .filter(line => /\| [<>]/.test(line))
      .map(line =>
        line
          .split("|")
          .slice(2, 4)
          .map(cell => cell.trim()),
      );
    const { thresholds } = ultrathink.alerting;
    expect(rows).toEqual(Object.values(thresholds).map(({ warning, critical }) => [warning ?? "–", critical ?? "–"]));
  });
});

describe("standings", () => {
  const text = [
    "```bash",
    "docker compose -p x ps",
    "new",
    "```",
    "",
    "## Corrections",
    "",
    "- `docker-compose …` becomes `docker compose -p x …`: rule",
    "- `old` becomes `new`: why",
    "",
  ].join("\n");

  it("applies rules and rows", () => {
    expect(standings(["docker-compose ps", "old", "new"], text).map(({ kind, now }) => [kind, now])).toEqual([
      ["corrected", "docker compose -p x ps"],
      ["corrected", "new"],
      ["as-written", "new"],
    ]);
  });

  it("names a command that the page lost", () => {
    expect(() => standings(["old", "gone"], text)).toThrow("gone\n    is neither in the runbook nor under Corrections");
  });

  it("names a correction whose replacement the page does not hold", () => {
    expect(() => standings(["docker-compose up", "old"], text)).toThrow("becomes docker compose -p x up, which the runbook does not hold");
  });

  it("names a correction of something that never was", () => {
    expect(() => standings(["docker-compose ps"], text)).toThrow("the first edition did not have it");
  });
});

describe("commands", () => {
  it("keeps loops, quotes over lines and continuations whole", () => {
    expect(commands("# a comment\necho one\n\nfor i in 1 2; do\n  echo $i\ndone\necho \\\n  two\necho 'three\nfour'")).toEqual([
      "echo one",
      "for i in 1 2; do\n  echo $i\ndone",
      "echo \\\n  two",
      "echo 'three\nfour'",
    ]);
  });

  it("refuses what bash does not read", () => {
    expect(() => commands("echo 'open")).toThrow("bash does not read this as a command");
  });
});

describe("blocks", () => {
  it("reads language, heading and treatment", () => {
    const [block] = blocks("## Title\n\n<!-- run: expect=a=b; recovers=x,y; may-find-nothing -->\n```bash\ntrue\n```\n");
    expect(block).toMatchObject({
      language: "bash",
      heading: "Title",
      text: "true",
      treatment: { expect: /a=b/m, recovers: ["x", "y"], mayFindNothing: true, follow: false },
    });
  });

  it("refuses a treatment that it does not know, and one that stands above no block", () => {
    expect(() => blocks("<!-- run: sometimes -->\n```bash\n```\n")).toThrow('"sometimes" is not a treatment');
    expect(() => blocks("<!-- run: follow -->\nprose\n")).toThrow("it belongs right above a fenced block");
  });
});
