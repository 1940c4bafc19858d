import { readFileSync } from "node:fs";
import { join } from "node:path";
import { diagram, redraw } from "../../components/diagram";
import { members, type System } from "../../systems/declaration";
import { ultrathink } from "../../systems/ultrathink";

const page = readFileSync(join(__dirname, "../../README.md"), "utf8");

describe("the diagram", () => {
  it("in the README is current", () => {
    expect(redraw(page, ultrathink)).toBe(page);
  });

  it("has a box for every service, the members of a group in one", () => {
    const boxes = [...diagram(ultrathink).matchAll(/^ {4}(\S+)\["/gm)].map(([, box]) => box!);
    expect(boxes.flatMap(box => members(ultrathink, box)).sort()).toEqual(Object.keys(ultrathink.services).sort());
  });

  it("has an arrow for everything that is needed", () => {
    const text = diagram(ultrathink);
    for (const [name, { needs = [] }] of Object.entries(ultrathink.services)) {
      for (const need of needs) expect(text).toContain(`  ${name.startsWith("kafka-") && name !== "kafka-exporter" ? "kafka" : name} --> ${need}`);
    }
    expect(text).toContain("  data-service -.-> kafka");
  });

  it("follows the declaration", () => {
    const { scheduler, ...services } = ultrathink.services;
    const smaller: System = { ...ultrathink, services, scheduler: undefined };
    expect(scheduler).toBeDefined();
    expect(diagram(smaller)).not.toContain("scheduler");
  });

  it("refuses a page without a place for it", () => {
    expect(() => redraw("# Title\n", ultrathink)).toThrow("the page has no place for the diagram");
  });
});
