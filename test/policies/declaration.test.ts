import type { PolicyResource } from "@pulumi/policy";
import { CONTAINER, IMAGE, NETWORK, VOLUME } from "../../policies/docker";
import { exceptions } from "../../policies/exceptions";
import { rules } from "../../policies/inventory";
import { NAMESPACE, STATEFUL_SET } from "../../policies/kubernetes";
import { rule as digests } from "../../policies/rules/image-enforce-digest";
import { ultrathink } from "../../systems/ultrathink";
import { named, platforms, vaults } from "../committed";
import * as lock from "../pinned-lock";
import { asJudged } from "./declared";
import { violationsOf } from "./support";

jest.mock("../../images.lock.json", () => jest.requireActual<typeof lock>("../pinned-lock").pinnedLock());

const stacks = [...platforms, ...vaults];
const declared = new Map<string, PolicyResource[]>();
const titleOf = ({ project, stack }: { project: string; stack: string }) => `${project}/${stack}`;
const WITH_GPUS = "ultrathink-infrastructure/dev on a machine with GPUs";

beforeAll(async () => {
  for (const each of stacks) declared.set(titleOf(each), asJudged(each, await each.declare()));
  const dev = named("dev");
  const gpus = Object.entries(ultrathink.services).filter(([, { gpu }]) => gpu !== undefined);
  const gpuDevices = Object.fromEntries(gpus.map(([service], device) => [service, [String(device)]]));
  declared.set(WITH_GPUS, asJudged(dev, await dev.declare({ gpuDevices })));
}, 240_000);

test("the stacks have resources of the types that the rules judge", () => {
  const types = new Set([...declared.values()].flat().map(({ type }) => type));
  expect([...types]).toEqual(expect.arrayContaining([CONTAINER, IMAGE, NETWORK, VOLUME, NAMESPACE, STATEFUL_SET]));
});

describe.each([...stacks.map(titleOf), WITH_GPUS])("the declared stack %s", title => {
  test.each(rules.filter(rule => rule !== digests).map(rule => [rule.name, rule] as const))("keeps %s", (_name, rule) => {
    expect(violationsOf(rule, declared.get(title)!)).toEqual([]);
  });

  test(`keeps ${digests.name}, but for images that are built here and are to run on other machines`, () => {
    const found = violationsOf(digests, declared.get(title)!);
    const onCluster = declared.get(title)!.some(({ type }) => type === NAMESPACE);
    if (!onCluster) return expect(found).toEqual([]);
    expect(found).toEqual([expect.stringContaining(lock.BUILT_HERE)]);
  });
});

test("every exception is one that a declared stack needs", () => {
  const all = exceptions.splice(0);
  const unused = all.filter(({ rule: id, resource, permits = "" }) => {
    const rule = rules.find(({ name }) => name === id)!;
    const found = [...declared.values()].flatMap(resources => violationsOf(rule, resources));
    return !found.some(message => message.includes(`"${resource}"`) && message.includes(permits));
  });
  exceptions.push(...all);
  expect(unused).toEqual([]);
});
