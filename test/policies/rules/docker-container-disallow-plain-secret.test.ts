import { rule } from "../../../policies/rules/docker-container-disallow-plain-secret";
import { UNKNOWN, container, describeContainerRule, judge } from "../support";

const mend = "Upload it as a file under /run/secrets and pass the file's path";
const message = (found: string) => `container "ultrathink-timescaledb": ${found}. ${mend}.`;
const byName = (key: string) => message(`environment variable ${key} is a secret by its name, only a *_FILE variable with a path is allowed`);

describeContainerRule(rule, {
  reports: {
    "secrets by their names, first and last": [
      container({ envs: ["POSTGRES_PASSWORD=x", "LEVEL=info", "AWS_SECRET_ACCESS_KEY=x"] }),
      [byName("POSTGRES_PASSWORD"), byName("AWS_SECRET_ACCESS_KEY")],
    ],
    "names without a separator or in small letters": [
      container({ envs: ["PGPASSWORD=x", "api_key=x", "SLACK_TOKEN=x"] }),
      [byName("PGPASSWORD"), byName("api_key"), byName("SLACK_TOKEN")],
    ],
    "a secret variable without a value": [container({ envs: ["REDIS_PASSWORD"] }), [byName("REDIS_PASSWORD")]],
    "a *_FILE variable that holds the secret itself": [
      container({ envs: ["POSTGRES_PASSWORD_FILE=hunter2"] }),
      [message("environment variable POSTGRES_PASSWORD_FILE names a file and its value is not an absolute path")],
    ],
    "a URL with a password in the environment": [
      container({ envs: ["DATABASE_URL=postgresql://ultrathink:hunter2@timescaledb:5432/x"] }),
      [message("environment variable DATABASE_URL holds a URL with a password, which is not allowed")],
    ],
    "a URL with a password and no user": [
      container({ envs: ["BROKER=redis://:hunter2@redis:6379/0"] }),
      [message("environment variable BROKER holds a URL with a password, which is not allowed")],
    ],
    "an access key under a harmless name": [
      container({ envs: [`NOTE=${"AKIA"}ABCDEFGHIJKLMNOP`] }),
      [message("environment variable NOTE holds an access key, which is not allowed")],
    ],
    "a password among the arguments": [
      container({ command: ["redis-server", "--requirepass", "hunter2"] }),
      [message("command holds a literal password, which is not allowed")],
    ],
    "a password in the entry point": [
      container({ entrypoints: ["sh", "-c", "export PASSWORD=hunter2; exec run"] }),
      [message("entrypoints holds a literal password, which is not allowed")],
    ],
    "a password in the health check": [
      container({ healthcheck: { tests: ["CMD-SHELL", "curl http://admin:hunter2@localhost/health"] } }),
      [message("healthcheck.tests holds a URL with a password, which is not allowed")],
    ],
    "a label that is a secret by its name": [
      container({ labels: [{ label: "traefik.auth-token", value: "x" }] }),
      [message("label traefik.auth-token looks like a secret, which is not allowed")],
    ],
  },
  accepts: {
    "settings whose names only resemble secrets": container({
      envs: [
        "TOKENIZERS_PARALLELISM=false",
        "COMPASS=north",
        "MAX_TOKENS=512",
        "AWS_SHARED_CREDENTIALS_FILE=/run/secrets/aws",
        "PGSERVICEFILE=/run/secrets/pg_service.conf",
        "SECRETS_DIR=/run/secrets",
      ],
    }),
    "a command that reads the secret from its file": container({
      command: ["sh", "-c", 'export ROOT_SECRET_KEY=$(cat /run/secrets/root) && exec versitygw --password "$ROOT"'],
    }),
    "a URL whose password the shell fills in": container({
      command: ["sh", "-c", "exec mlflow --backend-store-uri postgresql://mlflow:$PASSWORD@timescaledb/x"],
    }),
    "a setting about passwords": container({ command: ["postgres", "-c", "password_encryption=scram-sha-256"] }),
    "a URL without a password": container({ envs: ["MLFLOW_S3_ENDPOINT_URL=https://object-store:9000"] }),
    "a configuration path label": container({ labels: [{ label: "dev.ultrathink.config.redis", value: "/usr/local/etc/redis/redis.conf" }] }),
  },
  leavesOpen: { "a value that is not known yet": container({ envs: [UNKNOWN] }) },
});

it("never repeats a value that could be a secret", () => {
  const { violations } = judge(
    rule,
    container({
      envs: ["POSTGRES_PASSWORD=hunter2", "TOKEN_FILE=hunter2", "URL=redis://:hunter2@redis"],
      command: ["--password=hunter2"],
      labels: [{ label: "secret", value: "hunter2" }],
    }),
  );
  expect(violations).toHaveLength(5);
  expect(violations.join()).not.toContain("hunter2");
});
