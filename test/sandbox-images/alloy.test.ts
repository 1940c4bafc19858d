import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerDiscovery } from "../../components/backends/docker/discovery";
import { alloyConfig } from "../../components/observability/alloy";
import { ultrathink } from "../../systems/ultrathink";

const translator = join(__dirname, "..", "..", "sandbox", "images", "alloy");

test("the translation to Promtail passes its own tests", () => {
  execFileSync("go", ["test", "."], { cwd: translator, stdio: "pipe" });
});

test("the stack's own configuration can be translated", () => {
  const folder = mkdtempSync(join(tmpdir(), "alloy-"));
  try {
    writeFileSync(join(folder, "config.alloy"), alloyConfig(ultrathink, dockerDiscovery(ultrathink).logs));
    writeFileSync(join(folder, "promtail"), "#!/bin/sh\nexit 0\n", { mode: 0o755 });
    const args = ["run", ".", "run", "--server.http.listen-addr=127.0.0.1:0", `--storage.path=${folder}`, join(folder, "config.alloy")];
    execFileSync("go", args, { cwd: translator, stdio: "pipe", env: { ...process.env, PATH: `${folder}:${process.env.PATH}` } });
    expect(JSON.parse(execFileSync("cat", [join(folder, "promtail.yaml")], { encoding: "utf8" }))).toMatchObject({
      clients: [{ url: "http://loki:3100/loki/api/v1/push" }],
      scrape_configs: [{ static_configs: [{ labels: { __path__: "/var/lib/docker/containers/*/*-json.log" } }] }],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
