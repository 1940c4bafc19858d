import { join } from "node:path";
import * as random from "@pulumi/random";
import { startEngine, type TestEngine } from "./support/engine";
import { describeReal } from "./support/requirements";

jest.setTimeout(300_000);

const policyPacks = [join(__dirname, "support", "pack")];

describeReal("a CrossGuard pack in TypeScript under the real engine", () => {
  let real: TestEngine;
  let length = 8;
  const program = async () => void new random.RandomPassword("password", { length });

  beforeAll(async () => void (real = await startEngine()));
  afterAll(async () => real?.end());

  it("fails the preview with the rule's own message, and creates nothing", async () => {
    const stack = await real.stack("policies", program);

    await expect(stack.preview({ policyPacks })).rejects.toThrow(/long-passwords[\s\S]*a password of 8 characters is too short/);
    await expect(stack.up({ policyPacks })).rejects.toThrow(/a password of 8 characters is too short/);
    expect(real.stateText()).not.toContain("RandomPassword::password");
  });

  it("lets what keeps the rule pass", async () => {
    length = 24;
    const stack = await real.stack("policies", program);

    expect((await stack.up({ policyPacks })).summary.resourceChanges).toEqual({ create: 1, same: 1 });
  });
});
