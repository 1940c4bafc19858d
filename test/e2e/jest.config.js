const { transform, transformIgnorePatterns } = require("../../jest.config");

// The end-to-end run: real containers, one file after the other in the order of their numbers. `.e2e.ts` keeps them out of the unit run.
module.exports = {
  rootDir: "../..",
  roots: ["<rootDir>/test/e2e"],
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/e2e/*.e2e.ts"],
  transform,
  transformIgnorePatterns,
  maxWorkers: 1,
  testSequencer: "<rootDir>/test/e2e/harness/sequencer.js",
  globalSetup: "<rootDir>/test/e2e/harness/setup.ts",
  // A first `up` on a fresh machine also builds the engine and every image.
  testTimeout: 50 * 60_000,
};
