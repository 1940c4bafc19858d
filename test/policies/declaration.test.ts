import * as pulumi from "@pulumi/pulumi";
import { entryOf } from "../../policies/books";
import { CONTAINER, IMAGE, NETWORK, VOLUME } from "../../policies/docker";
import { exceptions } from "../../policies/exceptions";
import { rules } from "../../policies/inventory";
import type { ResourceRule, StackRule } from "../../policies/rule";
import { ultrathink } from "../../systems/ultrathink";
import { judge, judgeStack, resource } from "./support";

// No Docker answers, as in a pull request's preview: nothing is clamped, and the GPUs of the config are taken at their word.
jest.mock("../../components/backends/docker/host", () => ({
  ...jest.requireActual<object>("../../components/backends/docker/host"),
  dockerHost: () => Promise.resolve(undefined),
}));

interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

const registered: Registered[] = [];

const vaultOutputs = {
  authority: "generated",
  writer: { accessKey: "generated", secretKey: "generated" },
  cipherPassphrase: "generated",
  manifestKey: "generated",
};

void pulumi.runtime.setMocks(
  {
    newResource: args => {
      registered.push({ type: args.type, name: args.name, inputs: args.inputs as Record<string, unknown> });
      return {
        id: `mocked::${args.type}::${args.name}-id`,
        state: {
          ...args.inputs,
          imageId: `sha256:${"0".repeat(64)}`,
          result: "generated",
          privateKeyPem: "generated",
          certPem: "generated",
          outputs: vaultOutputs,
        },
      };
    },
    call: args => {
      throw new Error(`unexpected call of ${args.token}`);
    },
  },
  "ultrathink-infrastructure",
  "dev",
  // As in a preview, which waits for nothing.
  true,
);


beforeAll(async () => {
  const gpus = Object.entries(ultrathink.services).filter(([, { gpu }]) => gpu !== undefined);
  pulumi.runtime.setAllConfig({
    "ultrathink-infrastructure:backend": "docker",
    "ultrathink-infrastructure:vault": "organization/ultrathink-vault/dev",
    "ultrathink-infrastructure:gpuDevices": JSON.stringify(Object.fromEntries(gpus.map(([service], device) => [service, [String(device)]]))),
  });
  const { program } = await import("../../index");
  await program();
  await pulumi.runtime.disconnect();
}, 60_000);

const resourceRules = rules.filter((rule): rule is ResourceRule => !("validateStack" in rule));
const stackRules = rules.filter((rule): rule is StackRule => "validateStack" in rule);

test("the stack has resources of every type that the rules judge", () => {
  expect([...new Set(registered.map(({ type }) => type))]).toEqual(expect.arrayContaining([CONTAINER, IMAGE, NETWORK, VOLUME]));
});

// Mocks do not see resource options, so protection is left to the run under the real engine.
test.each(resourceRules.filter(({ name }) => name !== "docker-volume-enable-protection").map(rule => [rule.name, rule] as const))(
  "the declared stack keeps %s",
  (_name, rule) => {
    expect(registered.flatMap(({ type, name, inputs }) => judge(rule, inputs, { type, name }).violations)).toEqual([]);
  },
);

// Of a vault alone, and judged in the vault's own test.
const ofVault = ["docker-stack-enforce-backup-lock"];

test.each(stackRules.filter(({ name }) => !ofVault.includes(name)).map(rule => [rule.name, rule] as const))(
  "the declared stack keeps %s",
  (_name, rule) => {
    expect(
      judgeStack(
        rule,
        registered.map(({ type, name, inputs }) => resource(type, inputs, { name })),
      ),
    ).toEqual({ violations: [] });
  },
);

test("every exception is one that the declared stack needs", () => {
  // The vault's own are its test's.
  const ofStack = exceptions.filter(({ container }) => entryOf(container)?.book.project === "ultrathink-infrastructure");
  const unused = ofStack.filter(({ rule: id, container, permits }) => {
    const rule = resourceRules.find(({ name }) => name === id)!;
    const found = registered.find(({ type, inputs }) => type === CONTAINER && inputs.name === container);
    if (!found) return true;
    // Under another name nothing is excepted: what the rule then says is what the exception covers.
    const { violations } = judge(rule, { ...found.inputs, name: "ultrathink-nobody" }, found);
    return !violations.some(message => permits === undefined || message.includes(` ${permits} `));
  });
  expect(unused).toEqual([]);
});
