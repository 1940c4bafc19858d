import { bytes, violationSummary } from "../../ops/report";

test.each([
  [0, "0 B"],
  [453, "453 B"],
  [216.4 * 1024, "216 KiB"],
  [1_859_760, "1.8 MiB"],
  [1024 ** 3, "1.0 GiB"],
  [5 * 1024 ** 5, "5120 TiB"],
])("%d bytes are said as %s", (count, text) => {
  expect(bytes(count)).toBe(text);
});

test("a summary has a row for each violation, what must be mended first, without the rule's own description", () => {
  const resource = { name: "redis", type: "kubernetes:apps/v1:Deployment" };
  const summary = violationSummary("prod: 251 resources", [
    { policy: "b", mandatory: false, message: "What b demands.\nthe stack: found. Mend." },
    { policy: "a", mandatory: true, resource, message: 'What a demands.\nDeployment "redis": x | y. Mend it.' },
  ]);
  expect(summary.split("\n")).toEqual([
    "## prod: 251 resources",
    "",
    "1 to mend, 1 advisory",
    "",
    "| | resource | rule | found, and how to mend it |",
    "| --- | --- | --- | --- |",
    '| mend | `redis` (kubernetes:apps/v1:Deployment) | [`a`](policies/README.md) | Deployment "redis": x \\| y. Mend it. |',
    "| advisory | the stack | [`b`](policies/README.md) | the stack: found. Mend. |",
    "",
    "",
  ]);
});

test("a summary without violations says so", () => {
  expect(violationSummary("dev: 90 resources", [])).toBe("## dev: 90 resources\n\nNo violation.\n\n");
});
