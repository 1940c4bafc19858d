import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commands } from "../../ops/commands";
import { exitCodes } from "../../ops/exit";
import { ultrathink } from "../../systems/ultrathink";

const page = readFileSync(join(__dirname, "../../docs/releases.md"), "utf8");
const releases = ultrathink.releases!;

describe("docs/releases.md", () => {
  it("names exactly the services that are released", () => {
    const named = [.../Five services are released so: (.*?); the declaration/s.exec(page)![1]!.matchAll(/`([\w-]+)`/g)].map(([, service]) => service);
    expect(named).toEqual(Object.keys(releases.smoke));
    expect(named).toHaveLength(5);
  });

  it("has the declaration's numbers", () => {
    expect(releases).toMatchObject({ gate: { period: "2m", requestsPerSecond: 10, errorPercent: 0.1, p95Milliseconds: 500 }, rollbackWindow: "15m" });
    expect(page).toContain(
      "for two minutes and ten times a second; Prometheus has measured less than 0.1 % of its answers as 5xx, and a p95 below 500 ms",
    );
    expect(page).toContain("for 15 minutes at the least");
  });

  it("names commands and exit codes that there are", () => {
    const named = [...page.matchAll(/\bmake ([a-z]+)\b/g)].map(([, command]) => command!);
    expect(named.filter(command => !(command in commands))).toEqual([]);
    const listed = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    const { ok, failed, usage, deviated, policy, gated } = exitCodes;
    expect(listed).toEqual([ok, failed, usage, deviated, policy, gated].map(({ code }) => code));
  });
});
