import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StackFile } from "../../../ops/release/stack-file";

const COMMITTED = `# UltraThink in production.
config:
  ultrathink-infrastructure:backend: kubernetes
  # Clients reach it through this Gateway and nothing else, and this line is longer than a hundred and fifty columns, because reasons sometimes take their room and must stay as written.
  ultrathink-infrastructure:gateway: gateway-system/public
`;
const RELEASED = `${COMMITTED}  ultrathink-infrastructure:images:
    inference-service: registry.example/inference:1.4.2
  ultrathink-infrastructure:releases:
    inference-service:
      candidate: registry.example/inference:1.5.0
      live: 1.4.2
`;
const under = { image: "registry.example/inference:1.4.2", release: { candidate: "registry.example/inference:1.5.0", live: "1.4.2" } };

let root: string;
let file: StackFile;
const text = () => readFileSync(join(root, "Pulumi.prod.yaml"), "utf8");
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "t-release-"));
  writeFileSync(join(root, "Pulumi.prod.yaml"), COMMITTED);
  file = new StackFile(root, "prod", "ultrathink-infrastructure");
});
afterEach(() => rmSync(root, { recursive: true }));

test("a release is a few lines more, and everything else stays as it was written", () => {
  file.set("inference-service", under);
  expect(text()).toBe(RELEASED);
});

test("a switch changes one line", () => {
  file.set("inference-service", under);
  file.set("inference-service", { ...under, release: { ...under.release, live: "1.5.0" } });
  expect(text()).toBe(RELEASED.replace("live: 1.4.2", "live: 1.5.0"));
});

test("what was said of one service goes, and the key with the last of them", () => {
  file.set("inference-service", under);
  file.set("risk-manager", { image: "registry.example/risk:2" });
  file.set("inference-service", {});
  expect(text()).toBe(`${COMMITTED}  ultrathink-infrastructure:images:\n    risk-manager: registry.example/risk:2\n`);
  file.set("risk-manager", {});
  expect(text()).toBe(COMMITTED);
});

test("a version that looks like a number stays a text", () => {
  file.set("inference-service", { ...under, release: { ...under.release, live: "1.5" } });
  expect(text()).toContain('live: "1.5"');
});

test("what is refused leaves the file as it was", async () => {
  const refused = file.orRestore(() => {
    file.set("inference-service", under);
    return Promise.reject(new Error("a rule is violated"));
  });
  await expect(refused).rejects.toThrow("a rule is violated");
  expect(text()).toBe(COMMITTED);
});
