import * as pulumi from "@pulumi/pulumi";
import type { PlannedService, StackPlan } from "../../ops/project";
import { ultrathink } from "../../systems/ultrathink";

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
          ...(args.type === "pulumi:pulumi:StackReference" ? { outputs: vaultOutputs } : {}),
          imageId: `sha256:${args.name}`,
          result: `generated-for-${args.name}`,
          privateKeyPem: `generated-for-${args.name}`,
          privateKeyPemPkcs8: `generated-for-${args.name}`,
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
  // As in a preview, which waits for nothing.
  true,
);

const vaultOutputs = {
  endpoint: "https://vault:9000",
  buckets: { locked: "ultrathink-backups", unlocked: "ultrathink-backups-recent" },
  authority: "authority of the vault",
  writer: { accessKey: "writer", secretKey: "key-of-the-writer" },
  restore: { accessKey: "restore", secretKey: "key-of-the-restore" },
  cipherPassphrase: "passphrase-of-the-vault",
  manifestKey: "manifest-key-of-the-vault",
};

let plan: (settings: Record<string, unknown>, stack: string) => StackPlan;
let planned: PlannedService[];

beforeAll(async () => {
  pulumi.runtime.setAllConfig({
    "ultrathink-infrastructure:backend": "docker",
    "ultrathink-infrastructure:clampCpus": "true",
    "ultrathink-infrastructure:vault": "organization/ultrathink-vault/dev",
  });
  const { plan: planOf, program } = await import("../../index");
  plan = planOf;
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

interface Mount {
  volumeName?: string;
  readOnly?: boolean;
}
const mountsOf = ({ inputs }: Registered) => ((inputs.volumes ?? []) as Mount[]).filter(({ volumeName }) => volumeName !== undefined);
const volumes = () => registered.filter(({ type }) => type === "docker:index/volume:Volume");

test("every volume of the declaration is written by its service and by nobody else; only scratch is shared", () => {
  const written = containers().flatMap(container => mountsOf(container).flatMap(({ volumeName, readOnly }) => (readOnly ? [] : [volumeName!])));
  const scratch = ["infrastructure_timescale_socket", "infrastructure_backup_scratch"];
  const declared = Object.values(ultrathink.volumes).map(({ name }) => `infrastructure_${name}`);
  expect(written.filter(name => !scratch.includes(name)).sort()).toEqual(declared.sort());
  expect(
    volumes()
      .map(({ inputs }) => inputs.name as string)
      .sort(),
  ).toEqual([...declared, ...scratch].sort());
});

test("the sidecar shares the database's socket, and may read its data", () => {
  const mounts = (name: string) => mountsOf(containers().find(container => container.name === name)!);
  const data = { volumeName: "infrastructure_timescale_data", containerPath: "/home/postgres/pgdata" };
  const socket = { volumeName: "infrastructure_timescale_socket", containerPath: "/var/run/postgresql" };
  expect(mounts("timescaledb")).toEqual([data, socket]);
  expect(mounts("backup")).toEqual([
    { ...data, readOnly: true },
    socket,
    { volumeName: "infrastructure_backup_scratch", containerPath: "/var/lib/backup" },
  ]);
});

test("the plan's volumes have exactly the labels that the program gives them, and the paths where they are mounted", () => {
  const plannedVolumes = plan({ backend: "docker" }, "dev").volumes;
  for (const { name, service, labels, path } of plannedVolumes) {
    const made = volumes().find(({ inputs }) => inputs.name === name)!.inputs.labels as { label: string; value: string }[];
    expect(Object.fromEntries(made.map(({ label, value }) => [label, value]))).toEqual(labels);
    const [mount] = mountsOf(containers().find(container => container.name === service)!) as (Mount & { containerPath: string })[];
    if (path) expect(mount).toMatchObject({ volumeName: name, containerPath: path });
  }
  expect(plannedVolumes.filter(({ backup }) => backup).map(({ path }) => path)).toEqual(["/home/postgres/pgdata", "/data", "/srv/object-store"]);
});

test("the vault's secrets lie in files that the service alone reads, of the writer alone", () => {
  const paths = (name: string) =>
    (containers().find(container => container.name === name)!.inputs.uploads as { file: string; content: string; permissions: string }[]).flatMap(
      ({ file, content, permissions }) => (/of-the-(writer|vault)/.test(JSON.stringify(content)) ? [`${permissions} ${file}`] : []),
    );
  expect(paths("timescaledb")).toEqual(["0440 /etc/pgbackrest/conf.d/vault.conf"]);
  expect(paths("backup")).toEqual([
    "0440 /etc/pgbackrest/conf.d/vault.conf",
    "0440 /run/secrets/vault-credentials",
    "0440 /run/secrets/vault-manifest-key",
  ]);
  expect(
    containers()
      .filter(({ inputs }) => JSON.stringify(inputs).includes("of-the-restore"))
      .map(({ name }) => name),
  ).toEqual([]);
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
