import type { Registration } from "../../../components/rendering/registrations";
import { named, vaults, type CommittedStack } from "../../committed";

// Staging is there to show what production will do, so it is production but for what is its own.

const [staging, prod] = [named("staging"), named("prod")];
const [stagingVault, prodVault] = [named("staging", vaults), named("prod", vaults)];

/** What reaches staging first, image by image and release by release: the only settings that are meant to differ for a while. */
const onTheirWay = { images: {}, releases: {} };

/** Every setting of its own, with its reason. */
const ownSettings: Record<string, string> = {
  stateUrl: "nobody reads production's passwords who only works on staging",
  kubeContext: "a cluster of its own",
  aws: "an account of its own, whose roles and key are called as production's",
  vault: "backups of its own",
  domain: "clients of production do not reach it by mistake",
};

/** Every place that these lead to, with its reason. */
const ownPlaces: Record<string, string> = {
  "kubernetes kubernetes context": "its cluster",
  "ServiceAccount timescaledb metadata.annotations.eks.amazonaws.com/role-arn": "the writer's role in its account",
  "ConfigMap timescaledb-pgbackrest data.pgbackrest.conf": "its bucket",
  "ConfigMap backup-pgbackrest data.pgbackrest.conf": "the same",
  "ConfigMap backup-backup-plan data.backup.json": "the same",
  "HTTPRoute inference-service spec.hostnames.0": "its domain",
};

const accountOf = ({ settings }: CommittedStack) => (settings["aws"] as { account: string }).account;
const issuerOf = ({ settings }: CommittedStack) => (settings["aws"] as { oidcProvider: string }).oidcProvider.split(":oidc-provider/")[1]!;

/** What staging calls its own, and what that is called in production. */
const words: [staging: string, prod: string][] = [
  ["ultrathink-backups-staging", "ultrathink-backups"],
  ["ultrathink-backups-recent-staging", "ultrathink-backups-recent"],
  [String(staging.settings["kubeContext"]), String(prod.settings["kubeContext"])],
  [String(staging.settings["domain"]), String(prod.settings["domain"])],
  [accountOf(staging), accountOf(prod)],
  [issuerOf(stagingVault), issuerOf(prodVault)],
];

/** What a stack declares, sorted, and without the hashes that names of ConfigMaps have of their content. */
async function declared(stack: CommittedStack, overrides = {}): Promise<Registration[]> {
  const resources = JSON.parse(JSON.stringify(await stack.declare(overrides)).replace(/-[0-9a-f]{10}(?=")/g, "")) as Registration[];
  const key = ({ type, name }: Registration) => `${type} ${name}`;
  return resources.sort((a, b) => key(a).localeCompare(key(b)));
}

const inWordsOfProduction = (resources: Registration[]) =>
  JSON.parse(words.reduce((text, [own, production]) => text.replaceAll(own, production), JSON.stringify(resources))) as Registration[];

/** Text by the place where it stands. */
function placesOf(resources: Registration[]): Map<string, string> {
  const places = new Map<string, string>();
  const enter = (value: unknown, place: string): void => {
    if (typeof value === "object" && value !== null) for (const [key, inner] of Object.entries(value)) enter(inner, `${place}.${key}`);
    else places.set(place, String(value));
  };
  for (const { type, name, inputs, protect } of resources)
    for (const [key, value] of Object.entries({ ...inputs, protect })) enter(value, `${type.split(":").at(-1)!} ${name} ${key}`);
  return places;
}

test("staging's config differs from production's in what is its own, and in what is on its way", () => {
  const keys = new Set(Object.keys({ ...staging.settings, ...prod.settings }));
  const differing = [...keys].filter(key => JSON.stringify(staging.settings[key]) !== JSON.stringify(prod.settings[key]) && !(key in onTheirWay));
  expect(differing.sort()).toEqual(Object.keys(ownSettings).sort());
});

test("staging declares what production does, and differs in a few places", async () => {
  const [one, other] = [await declared(staging, onTheirWay), await declared(prod, onTheirWay)];
  const [first, second] = [placesOf(one), placesOf(other)];
  expect(first.size).toBeGreaterThan(5000);
  const differing = [...new Set([...first.keys(), ...second.keys()])].filter(place => first.get(place) !== second.get(place));
  expect(differing.sort()).toEqual(Object.keys(ownPlaces).sort());
  expect(inWordsOfProduction(one)).toEqual(other);
}, 60_000);

test("staging's vault is production's in words of its own", async () => {
  const [one, other] = [await declared(stagingVault), await declared(prodVault)];
  expect(JSON.stringify(one)).not.toBe(JSON.stringify(other));
  expect(inWordsOfProduction(one)).toEqual(other);
}, 60_000);
