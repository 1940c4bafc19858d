import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renewRecovery } from "../../docs/disaster-recovery";
import { commands } from "../../ops/commands";
import { exitCodes } from "../../ops/exit";
import { scenarios } from "../../ops/gameday/scenarios";
import { ultrathink } from "../../systems/ultrathink";

const page = readFileSync(join(__dirname, "../../docs/disaster-recovery.md"), "utf8");

describe("docs/disaster-recovery.md", () => {
  it("is current with the declaration", () => {
    expect(renewRecovery(page, ultrathink)).toBe(page);
  });

  it("has every backup in a row, and every volume once, with its backup or its reason", () => {
    const first = [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name!);
    const expected = [
      ...ultrathink.backups!.jobs.map(({ name }) => name),
      ...Object.values(ultrathink.volumes).map(({ name }) => `infrastructure_${name}`),
    ];
    expect(first.sort()).toEqual(expected.sort());
  });

  it("names commands, scenarios and services that there are", () => {
    const named = [...page.matchAll(/\b(?:make|bin\/ops) ([a-z]+)\b/g)].map(([, command]) => command!).filter(command => command !== "new");
    expect(named.filter(command => !(command in commands))).toEqual([]);
    const chosen = [...page.matchAll(/SCENARIO=([\w-]+)/g)].map(([, name]) => name!);
    expect(chosen.filter(name => name !== "all" && !scenarios.some(scenario => scenario.name === name))).toEqual([]);
    const restored = [...page.matchAll(/ONLY=([\w-]+)/g)].map(([, service]) => service!);
    expect(restored.filter(service => !(service in ultrathink.services))).toEqual([]);
    expect(page).toContain("ten scenarios");
    expect(scenarios).toHaveLength(10);
  });

  it("names the exit codes as they are", () => {
    expect(page).toContain(`exit code ${exitCodes.refused.code} (of \`bin/ops restore\`)`);
    expect(page).toContain(`0 it held, ${exitCodes.deviated.code} it deviated, ${exitCodes.unsteady.code} it could not run`);
  });

  it("lists every alert about backups", () => {
    for (const alert of ["BackupTooOld", "BackupFailed", "WalArchivingBehind", "RestoreTestTooOld", "RestoreTestFailed", "GameDayOverdue"])
      expect(page).toContain(`[${alert}](alerts/${alert}.md)`);
  });

  it("needs a place for each part, and a system with backups", () => {
    expect(() => renewRecovery("# Title\n", ultrathink)).toThrow("the page has no place for objectives");
    expect(() => renewRecovery(page, { ...ultrathink, backups: undefined })).toThrow("ultrathink declares no backups");
  });
});
