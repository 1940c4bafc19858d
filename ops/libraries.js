// Exits 0 when node_modules holds what package-lock.json asks for. Plain JavaScript: it runs before any library is there.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const packages = file => JSON.parse(readFileSync(join(__dirname, "..", file), "utf8")).packages;

try {
  const installed = packages("node_modules/.package-lock.json");
  const wanted = Object.entries(packages("package-lock.json")).filter(([path, { optional }]) => path !== "" && !optional);
  // Optional ones are for other platforms; npm decides about them.
  process.exit(wanted.every(([path, { version }]) => installed[path]?.version === version) ? 0 : 1);
} catch {
  process.exit(1);
}
