import { named, platforms, vaults } from "./committed";

/** What names a place in the world. With that of another stack, a command meant for one would change the other. */
const places = {
  stateUrl: platforms.map(({ settings }) => settings["stateUrl"]),
  secretsprovider: platforms.map(({ file }) => file.secretsprovider),
  kubeContext: platforms.map(({ settings }) => settings["kubeContext"]),
  "aws.account": platforms.map(({ settings }) => (settings["aws"] as { account?: string } | undefined)?.account),
  domain: platforms.map(({ settings }) => settings["domain"]),
  vault: platforms.map(({ settings }) => settings["vault"]),
  "aws.oidcProvider": vaults.map(({ settings }) => (settings["aws"] as { oidcProvider?: string } | undefined)?.oidcProvider),
};

test.each(Object.entries(places))("no two committed stacks have the same %s", (_, values) => {
  const given = values.filter(value => value !== undefined);
  expect(given.length).toBeGreaterThan(1);
  expect(given).toEqual([...new Set(given)]);
});

test.each(platforms.filter(({ settings }) => settings["aws"]))("$stack and its vault are of one account and region", ({ stack, settings }) => {
  const { account, region } = settings["aws"] as { account: string; region: string };
  const vault = named(stack, vaults).settings["aws"] as { region: string; oidcProvider: string };
  expect(settings["vault"]).toBe(`organization/ultrathink-vault/${stack}`);
  expect([vault.oidcProvider.split(":")[4], vault.region]).toEqual([account, region]);
});
