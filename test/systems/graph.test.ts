import type { DeclarationError } from "../../systems/declaration";
import { edges, startOrder, validate, without, type System } from "../../systems/declaration";
import { systems } from "../../systems";
import { ultrathink } from "../../systems/ultrathink";

const row = { cpu: 1, memory: "1G", reserved: "512M" } as const;
const withServices = (services: System["services"], rest: Partial<System> = {}): System => ({
  ...ultrathink,
  services,
  groups: {},
  volumes: {},
  availability: {},
  tiers: { data: [], inference: [], training: [] },
  backups: undefined,
  releases: undefined,
  ...rest,
});

const faultsOf = (system: System, portOffset = 0): string[] => {
  try {
    validate(system, portOffset);
    return [];
  } catch (error) {
    return (error as DeclarationError).faults;
  }
};

test.each(Object.values(systems).map(system => [system.name, system] as const))(
  "%s can be declared at every offset that requirements name",
  (_, system) => {
    for (const offset of [0, 10_000, 20_000, 30_000, 40_000]) expect(faultsOf(system, offset)).toEqual([]);
  },
);

test("every service comes after all that it needs", () => {
  const order = startOrder(ultrathink);
  expect([...order].sort()).toEqual(Object.keys(ultrathink.services).sort());
  for (const { from, to } of edges(ultrathink).filter(edge => edge.kind === "needs")) {
    expect(order.indexOf(to)).toBeLessThan(order.indexOf(from));
  }
});

test("a cycle is refused and spelt out", () => {
  const system = withServices({ a: { ...row, needs: ["b"] }, b: { ...row, needs: ["c"] }, c: { ...row, needs: ["a"] } });
  expect(faultsOf(system)).toEqual(["ultrathink cannot be declared:\n  - needs: a → b → c → a is a cycle; one of them must start first"]);
});

test("all faults are reported at once", () => {
  const system = withServices({
    a: { ...row, port: 8000, needs: ["ghost"] },
    b: { ...row, port: 8000, memory: "2g" as "2G" },
    c: { ...row, reserved: "2G" },
  });
  expect(faultsOf(system)).toEqual([
    'services.a.needs: there is no service "ghost"; name one of the table or remove it',
    'services.b.memory: "2g" is not allowed; use a whole number of mebibytes written with G or M, such as 512M, 2G or 1.5G',
    "services.b.port: 8000 is already a's; every service needs a port of its own",
    "services.c.reserved: 2G is above the limit of 1G; lower it",
  ]);
});

test("a port that the offset carries above 65535 is refused", () => {
  expect(faultsOf(withServices({ a: { ...row, port: 19_000 } }), 50_000)).toEqual([
    "services.a.port (19000 with portOffset 50000): 69000 is not allowed; use a whole number from 1 to 65535",
  ]);
});

test("a volume of a service that does not exist is refused", () => {
  expect(faultsOf(withServices({ a: row }, { volumes: { data: { service: "b", name: "b_data", size: "1G", backup: { none: "a test" } } } }))).toEqual(
    ['volumes.data.service: there is no service "b"'],
  );
});

test("an edge to an external system that is not declared is refused", () => {
  expect(faultsOf(withServices({ a: { ...row, external: ["vualt"] } }))).toEqual([
    'services.a.external: there is no external system "vualt"; there are vault, notifications',
  ]);
});

test("a volume names a backup job that is there, or says why it has none", () => {
  const volumes = { data: { service: "timescaledb", name: "data", size: "1G" as const, backup: "timescale" } };
  expect(faultsOf({ ...ultrathink, volumes })).toEqual([
    expect.stringMatching(/^volumes.data.backup: there is no job "timescale"; there are timescaledb, .*, or write \{ none: "why it needs none" \}$/),
  ]);
});

test("backups name what is there, each job once", () => {
  const backups = ultrathink.backups!;
  const [job] = backups.jobs;
  const faulty = {
    ...backups,
    service: "sidecar",
    vault: { ...backups.vault, external: "s3" },
    jobs: [...backups.jobs, job!, { ...job!, name: "other", of: "ghost" }],
  };
  expect(faultsOf({ ...ultrathink, backups: faulty })).toEqual([
    'backups.service: there is no service "sidecar"',
    'backups.vault.external: there is no external system "s3"; there are vault, notifications',
    'backups.jobs: "timescaledb" is there twice; every job needs a name of its own',
    'backups.jobs.other.of: there is no service "ghost"',
  ]);
});

test("without a service its backup jobs are gone, without the sidecar all of them", () => {
  const jobsOf = (system: System) => system.backups?.jobs.map(({ name }) => name);
  expect(jobsOf(without(ultrathink, ["redis-queue"]))).toEqual(["timescaledb", "timescaledb-dump", "mlflow-artifacts", "kafka", "models"]);
  expect(jobsOf(without(ultrathink, ["kafka-2"]))).not.toContain("kafka");
  expect(without(ultrathink, ["backup"]).backups).toBeUndefined();
  expect(faultsOf(without(ultrathink, ["backup"]))).toEqual([]);
});

test("without takes a service away with its volumes and every edge to it", () => {
  const system = without(ultrathink, ["redis-queue"]);
  expect(system.services["redis-queue"]).toBeUndefined();
  expect(system.services["training-orchestrator"]!.needs).toEqual(["mlflow", "timescaledb"]);
  expect(Object.values(system.volumes).map(volume => volume.service)).not.toContain("redis-queue");
});

test("availability that cannot be is refused: no such service, a range upside down, a second number for a group", () => {
  const system = withServices(
    { a: row, "b-1": row, "b-2": row },
    {
      groups: { b: ["b-1", "b-2"] },
      availability: {
        ghost: { survives: "node" },
        a: { scale: { min: 3, max: 2 }, survives: "node" },
        b: { scale: { min: 2 }, survives: "zone" },
      },
      tiers: { data: ["b"], inference: ["nobody"], training: [] },
    },
  );
  expect(faultsOf(system)).toEqual([
    'availability: there is no service or group "ghost"; name one of the table or remove it',
    "availability.a.scale: 3 to 2 is no range; min is 1 or more and max no less",
    "availability.b.scale: a group has as many as it has members; remove it",
    'tiers.inference: there is no service or group "nobody"; name one of the table or remove it',
  ]);
});

test("an external system that is not declared is refused", () => {
  expect(faultsOf(withServices({ a: { ...row, external: ["the moon"] } }, { external: {} }))).toEqual([
    'services.a.external: there is no external system "the moon"; there are none',
  ]);
});

test("a release of a service that is not declared is refused", () => {
  const releases = { ...ultrathink.releases!, smoke: { b: ["/health"] } };
  expect(faultsOf(withServices({ a: row }, { releases }))).toEqual([
    'releases.smoke: there is no service or group "b"; name one of the table or remove it',
  ]);
});
