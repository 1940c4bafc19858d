import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { plan, program } from "../index";
import { policies } from "../ops/commands/preview";
import { checkout, withoutState, writeStackFile } from "../ops/workspace";
import { ultrathink } from "../systems/ultrathink";
import { plan as planVault, program as vaultProgram } from "../vault";
import { platforms, vaults } from "./committed";
import * as lock from "./pinned-lock";
import { startEngine, type TestEngine } from "./sandbox/support/engine";
import { describeReal } from "./sandbox/support/requirements";

jest.setTimeout(300_000);
jest.mock("../images.lock.json", () => jest.requireActual<typeof lock>("./pinned-lock").pinnedLock());

/** What the pack says of a stack, also that it could not run a rule. */
const said = (events: EngineEvent[]) =>
  events.flatMap(({ policyEvent }) => (policyEvent ? [`${policyEvent.policyName}: ${policyEvent.message}`] : []));

/** Types of the resources that run something. */
const runs = {
  docker: /^docker:index\/container:Container$/,
  kubernetes: /^kubernetes:(apps|batch)\/v1:(Deployment|StatefulSet|DaemonSet|Job|CronJob)$/,
};

/** A cluster runs a group's members as one set, a sidecar in the pod that it belongs to, and by its own clock what the scheduler would start. */
function inACluster(services: string[]): string[] {
  const { groups, scheduler, backups } = ultrathink;
  const inGroups = Object.values(groups).flat();
  const others = services.filter(name => !inGroups.includes(name) && ![scheduler!.service, backups!.service].includes(name));
  return [...others, ...Object.keys(groups), ...scheduler!.jobs.map(({ name }) => name)];
}

describeReal("every committed stack, previewed from an empty state under the real engine", () => {
  let real: TestEngine;
  beforeAll(async () => void (real = await startEngine()));
  afterAll(async () => real?.end());

  it.each(platforms)("$stack keeps every policy and plans its declared services", async ({ stack, project, file, settings }) => {
    const planned = plan(settings, stack);
    // From an empty state there is no vault to ask, and no key.
    writeStackFile(real.stateFolder, stack, withoutState(file, project, false));
    const opened = await real.stack(stack, program, project);
    const events: EngineEvent[] = [];
    await opened.preview({ ...policies(checkout, planned), onEvent: event => void events.push(event) });

    // What is built from this repository no cluster can pull before somebody has pushed it.
    const unpushed = planned.backend === "docker" ? [] : [expect.stringMatching(`^image-enforce-digest: [^]*${lock.BUILT_HERE}`)];
    expect(said(events)).toEqual(unpushed);
    const made = events.flatMap(({ resourcePreEvent }) =>
      runs[planned.backend].test(resourcePreEvent?.metadata.type ?? "") ? [resourcePreEvent!.metadata.urn.split("::").at(-1)!] : [],
    );
    const declaredNames = planned.services.filter(({ leftOut }) => leftOut === undefined).map(({ name }) => name);
    expect(made.sort()).toEqual((planned.backend === "docker" ? declaredNames : inACluster(declaredNames)).sort());
  });

  it.each(vaults)("the vault of $stack keeps every policy", async ({ stack, project, file, settings }) => {
    const { provider, disposable } = planVault(settings, stack);
    const folder = join(real.stateFolder, "vault");
    mkdirSync(folder, { recursive: true });
    writeStackFile(folder, stack, file);
    const opened = await real.stack(stack, vaultProgram, project, folder);
    const events: EngineEvent[] = [];
    const { changeSummary } = await opened.preview({
      ...policies(checkout, { backend: provider, disposable }),
      onEvent: event => void events.push(event),
    });

    expect(said(events)).toEqual([]);
    expect(changeSummary.create).toBeGreaterThan(3);
  });
});
