import { criticalPath } from "../../../ops/bench/critical-path";
import { median } from "../../../ops/bench/measurement";

const services = [
  { name: "db", needs: [] },
  { name: "cache", needs: [] },
  { name: "api", needs: ["db", "cache"] },
  { name: "web", needs: ["api", "elsewhere"] },
];

test("the path follows the slowest of what each waits for", () => {
  expect(criticalPath(services, { db: 5, cache: 9, api: 2, web: 1 })).toEqual({ path: ["cache", "api", "web"], seconds: 12 });
});

test("a lone slow service is the path", () => {
  expect(criticalPath(services, { db: 1, cache: 50 }).seconds).toBe(50);
  expect(
    criticalPath(
      [
        { name: "a", needs: [] },
        { name: "b", needs: [] },
      ],
      { b: 3 },
    ),
  ).toEqual({ path: ["b"], seconds: 3 });
});

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
])("the median of %p is %p", (values, middle) => {
  expect(median(values)).toBe(middle);
});
