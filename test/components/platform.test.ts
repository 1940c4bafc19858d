import * as pulumi from "@pulumi/pulumi";
import type { PlannedService } from "../../ops/project";

interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

const registered: Registered[] = [];
const containers = () => registered.filter(({ type }) => type === "docker:index/container:Container");

void pulumi.runtime.setMocks(
  {
    newResource: args => {
      registered.push({ type: args.type, name: args.name, inputs: args.inputs as Record<string, unknown> });
      return {
        id: `mocked::${args.type}::${args.name}-id`,
        state: {
          ...args.inputs,
          imageId: `sha256:${args.name}`,
          result: `generated-for-${args.name}`,
          privateKeyPem: `generated-for-${args.name}`,
          certPem: `certificate of ${args.name}`,
        },
      };
    },
    call: args => {
      throw new Error(`unexpected call of ${args.token}`);
    },
  },
  "ultrathink-infrastructure",
  "dev",
);

// Pulumi's mock monitor knows no resource hooks; they run in the engine's own tests.
Object.assign(pulumi.runtime.getMonitor()!, { registerResourceHook: (_: unknown, done: (error: null, reply: object) => void) => done(null, {}) });

let planned: PlannedService[];

beforeAll(async () => {
  pulumi.runtime.setAllConfig({ "ultrathink-infrastructure:backend": "docker", "ultrathink-infrastructure:clampCpus": "true" });
  const { plan, program } = await import("../../index");
  planned = plan({ backend: "docker", clampCpus: true }, "dev").services.filter(service => service.leftOut === undefined);
  await program();
  await pulumi.runtime.disconnect();
}, 60_000);

test("exactly the planned services and jobs become containers", () => {
  expect(
    containers()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(planned.map(({ name }) => name).sort());
});

test("every container runs the image that the plan names", () => {
  const images = new Map(
    registered.filter(({ type }) => type === "docker:index/remoteImage:RemoteImage").map(({ name, inputs }) => [`sha256:${name}`, inputs.name]),
  );
  const found = Object.fromEntries(containers().map(({ name, inputs }) => [name, images.get(inputs.image as string)]));
  expect(found).toEqual(Object.fromEntries(planned.map(({ name, image }) => [name, image])));
});

test("every volume of the declaration is mounted by its service and by nobody else", () => {
  const mounted = containers().flatMap(({ name, inputs }) =>
    ((inputs.volumes ?? []) as { volumeName?: string }[]).flatMap(volume => (volume.volumeName ? [`${volume.volumeName} ${name}`] : [])),
  );
  const volumes = registered.filter(({ type }) => type === "docker:index/volume:Volume").map(({ inputs }) => inputs.name as string);
  expect(new Set(mounted).size).toBe(mounted.length);
  expect(mounted.map(line => line.split(" ")[0]).sort()).toEqual(volumes.sort());
});

test("no generated password stands in an environment, a command or a label", () => {
  for (const { name, inputs } of containers()) {
    const { envs, command, entrypoints, labels } = inputs;
    expect(`${name} ${JSON.stringify({ envs, command, entrypoints, labels })}`).not.toContain("generated-for-");
  }
});

test("every password lies in a file of root's that the container's user alone can read", () => {
  for (const { inputs } of containers()) {
    const root = (inputs.user as string).startsWith("0:");
    const uploads = (inputs.uploads ?? []) as { file: string; content: unknown; permissions: string; owner?: string }[];
    const secret = uploads.filter(upload => JSON.stringify(upload.content).includes("generated-for-"));
    for (const { file, permissions, owner } of secret)
      expect({ file, permissions, owner, groups: inputs.groupAdds }).toEqual({
        file,
        permissions: root ? "0400" : "0440",
        owner: undefined,
        groups: root ? [] : ["0"],
      });
  }
});
