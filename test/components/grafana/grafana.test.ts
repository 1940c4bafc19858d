import { parse } from "yaml";
import { dashboards } from "../../../components/grafana/dashboards";
import { grafanaSpec } from "../../../components/grafana/grafana";
import { ultrathink } from "../../../systems/ultrathink";

const env = { docsUrl: "https://docs.example", portOffset: 10_000, notifications: {} };
const spec = grafanaSpec({ system: ultrathink, env, adminPassword: "admin-secret", database: { password: "database-secret", authority: "PEM" } });
const file = (path: string) => spec.files!.find(candidate => candidate.path === path)!;
const yaml = <Content>(path: string) => parse(file(path).content as string) as Content;

interface Datasources {
  datasources: {
    uid: string;
    url: string;
    user?: string;
    editable: boolean;
    jsonData: Record<string, unknown>;
    secureJsonData?: Record<string, string>;
  }[];
}

interface Providers {
  providers: { folder: string; allowUiUpdates: boolean; options: { path: string } }[];
}

test("passwords are secret files and stand nowhere else", () => {
  const secrets = spec.files!.filter(({ kind }) => kind === "secret");
  expect(secrets.map(({ path, content }) => `${path} ${content as string}`)).toEqual([
    "/run/secrets/grafana-admin admin-secret",
    "/run/secrets/postgres-grafana database-secret",
  ]);
  expect(spec.env!.GF_SECURITY_ADMIN_PASSWORD__FILE).toBe("/run/secrets/grafana-admin");
  const { files, ...rest } = spec;
  const others = files!.filter(({ kind }) => kind !== "secret");
  expect(JSON.stringify([rest, others])).not.toMatch(/admin-secret|database-secret/);
});

test("the data sources are the system's own services, under the role that may only read", () => {
  const { datasources } = yaml<Datasources>("/etc/grafana/provisioning/datasources/ultrathink.yaml");
  expect(datasources.map(({ uid, url }) => `${uid} ${url}`)).toEqual([
    "prometheus http://prometheus:9090",
    "loki http://loki:3100",
    "timescaledb timescaledb:5432",
  ]);
  const database = datasources[2]!;
  expect(database.user).toBe("grafana");
  expect(ultrathink.database!.roles.find(({ name }) => name === database.user)!.privileges).toBe("read-only");
  expect(database.jsonData.database).toBe("ultrathink_experiments");
  expect(database.jsonData.sslmode).toBe("verify-full");
  expect(file(database.jsonData.sslRootCertFile as string)).toMatchObject({ kind: "certificate", content: "PEM" });
  expect(database.secureJsonData).toEqual({ password: "$__file{/run/secrets/postgres-grafana}" });
  expect(datasources.every(({ editable }) => editable === false)).toBe(true);
});

test("the folder that Grafana watches holds every dashboard, and its first page is one of them", () => {
  const provider = yaml<Providers>("/etc/grafana/provisioning/dashboards/ultrathink.yaml").providers[0]!;
  expect(provider).toMatchObject({ folder: "ultrathink", allowUiUpdates: false });
  const uploaded = spec.files!.filter(({ kind }) => kind === "grafana-dashboard").map(({ path }) => path);
  expect(uploaded).toEqual(dashboards(ultrathink, env.docsUrl).map(({ uid }) => `${provider.options.path}/${uid}.json`));
  expect(uploaded).toContain(spec.env!.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH);
});

test("nobody gets in without a name, and nothing calls home", () => {
  expect(spec.env).toMatchObject({
    GF_AUTH_ANONYMOUS_ENABLED: "false",
    GF_USERS_ALLOW_SIGN_UP: "false",
    GF_ANALYTICS_REPORTING_ENABLED: "false",
    GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
    GF_PLUGINS_PREINSTALL_DISABLED: "true",
  });
});

test("links that Grafana writes carry the stack's port", () => expect(spec.env!.GF_SERVER_ROOT_URL).toBe("http://localhost:13000"));

test("it restarts weekly through the image's own start script", () => {
  expect(spec.command).toEqual(["/run.sh"]);
  expect(spec.entrypoint!.join(" ")).toContain("timeout -s TERM");
});

test("its health check asks for /api/health", () => {
  expect(spec.health).toMatchObject({ command: expect.arrayContaining(["http://localhost:3000/api/health"]) });
});
