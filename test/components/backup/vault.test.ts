import * as pulumi from "@pulumi/pulumi";
import { Platform } from "../../../components/platform";
import type { Backend } from "../../../components/backends/backend";
import { parseConfig } from "../../../config";
import { ultrathink } from "../../../systems/ultrathink";

const registered: string[] = [];
void pulumi.runtime.setMocks(
  {
    newResource: args => {
      registered.push(args.type);
      return { id: `mocked::${args.type}::${args.name}-id`, state: args.inputs as object };
    },
    call: args => {
      throw new Error(`unexpected call of ${args.token}`);
    },
  },
  "ultrathink-infrastructure",
  "dev",
);

test("an update without a vault says how to bring it up, before anything is made", async () => {
  const config = parseConfig({ backend: "docker" }, "dev");
  const backend = jest.fn(() => ({}) as Backend);
  expect(() => new Platform("ultrathink", { system: ultrathink, leftOut: {}, config, backend })).toThrow(
    /the vault that takes them is not known. `bin\/ops up --stack dev` brings it up first and finds it; for the plain command: bin\/ops vault --stack dev/,
  );
  await pulumi.runtime.disconnect();
  expect(backend).not.toHaveBeenCalled();
  expect(registered.filter(type => !type.startsWith("ultrathink:"))).toEqual([]);
});

test.each([
  ["none", undefined],
  ["organization/ultrathink-vault/dev", "organization/ultrathink-vault/dev"],
])("vault: %s is taken", (vault, taken) => {
  expect(parseConfig({ backend: "docker", vault }, "dev").vault).toBe(taken);
});

test("a vault by half a name is refused", () => {
  expect(() => parseConfig({ backend: "docker", vault: "dev" }, "dev")).toThrow(
    /vault is "dev": none, or the full name of a stack, such as organization\//,
  );
});
