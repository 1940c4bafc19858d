import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PAGES, renewPage } from "../../components/observability/pages";
import { ultrathink } from "../../systems/ultrathink";

const pages = readdirSync(PAGES)
  .filter(file => file.endsWith(".md"))
  .map(file => ({ alert: file.replace(/\.md$/, ""), text: readFileSync(join(PAGES, file), "utf8") }));

test.each(pages)("$alert.md says what the declaration says", ({ alert, text }) => {
  expect(text).toBe(renewPage(ultrathink, alert, text));
});

test.each(pages)("$alert.md says what to do", ({ alert, text }) => {
  expect(text.split("\n")[0]).toBe(`# ${alert}`);
  const sections = text
    .split(/^## /m)
    .slice(1)
    .map(section => section.split("\n"));
  expect(sections.map(([heading]) => heading)).toEqual(["Meaning", "Impact", "Diagnosis", "Mitigation"]);
  expect(sections.filter(([, ...body]) => body.join("").trim().length < 30)).toEqual([]);
});

test.each(pages)("links of $alert.md lead to pages, its containers are services or outside the stack", ({ text }) => {
  for (const [, target] of text.matchAll(/\]\((\w+\.md)\)/g)) {
    expect(readdirSync(PAGES)).toContain(target);
  }
  const containers = [...text.matchAll(/ultrathink-([a-z][a-z0-9-]*[a-z0-9])/g)].map(([, name]) => name!);
  expect(containers.filter(name => !(name in { ...ultrathink.services, ...ultrathink.external }) && name !== "kafka")).toEqual([]);
});

test("a page without its generated part is refused by name", () => {
  expect(() => renewPage(ultrathink, "ServiceDown", "# ServiceDown\n")).toThrow("docs/alerts/ServiceDown.md has no generated part");
});
