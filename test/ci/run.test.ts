import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs .ci/run with a `make` that only says what each target would. */
function ci(targets: { test: string; e2e: string }): { code: number | null; last: string; text: string } {
  const folder = mkdtempSync(join(tmpdir(), "ultrathink-ci-"));
  try {
    const make = join(folder, "make");
    writeFileSync(make, `#!/bin/bash\ncase $1 in\ntest) ${targets.test} ;;\ne2e) ${targets.e2e} ;;\nesac\n`);
    chmodSync(make, 0o755);
    const { status, stdout } = spawnSync(join(__dirname, "../../.ci/run"), {
      env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
      encoding: "utf8",
    });
    return { code: status, last: stdout.trimEnd().split("\n").at(-1)!, text: stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const jestSays = (counts: string) => `echo "Tests:       ${counts}"`;

describe(".ci/run", () => {
  it("sums jest's and pytest's tests", () => {
    const { code, last } = ci({ test: `${jestSays("40 passed, 40 total")}; echo "12 passed in 3.21s"`, e2e: jestSays("30 passed, 30 total") });
    expect([code, last]).toEqual([0, "82 passed, 0 failed"]);
  });

  it("ends with 1 when a test fails, and brings nothing up", () => {
    const { code, last, text } = ci({ test: `${jestSays("1 failed, 39 passed, 40 total")}; exit 2`, e2e: jestSays("30 passed, 30 total") });
    expect([code, last]).toEqual([1, "39 passed, 1 failed"]);
    expect(text).not.toContain("make e2e");
  });

  it("ends with 1 when pytest fails", () => {
    const { code, last } = ci({ test: `${jestSays("4 passed, 4 total")}; echo "2 failed, 12 passed, 1 error in 3.21s"; exit 2`, e2e: "true" });
    expect([code, last]).toEqual([1, "16 passed, 3 failed"]);
  });

  it("counts a step that fails without a failed test", () => {
    const { code, last } = ci({ test: "echo 'index.ts(1,1): error TS1005'; exit 2", e2e: "true" });
    expect([code, last]).toEqual([1, "0 passed, 1 failed"]);
  });

  it("ends with 1 when a test is skipped that must run", () => {
    const { code, last } = ci({ test: jestSays("2 skipped, 38 passed, 40 total"), e2e: jestSays("30 passed, 30 total") });
    expect([code, last]).toEqual([1, "68 passed, 0 failed, 2 skipped"]);
  });

  it("counts what a list allows to be skipped", () => {
    const { code, last } = ci({
      test: jestSays("40 passed, 40 total"),
      e2e: `echo "SKIPPED: nvidia-smi: no GPU"; ${jestSays("30 passed, 30 total")}`,
    });
    expect([code, last]).toEqual([0, "70 passed, 0 failed, 1 skipped"]);
  });

  it("ends with 1 when nothing ran at all", () => {
    expect(ci({ test: "true", e2e: "true" }).code).toBe(1);
  });
});
