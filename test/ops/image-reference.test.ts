import { digestOf, registryOf, tagged } from "../../ops/image-reference";

const digest = `sha256:${"a".repeat(64)}`;

test.each([
  ["redis:8.0.4", "redis:8.0.4", "", "docker.io"],
  [`redis:8.0.4@${digest}`, "redis:8.0.4", digest, "docker.io"],
  [`redis@${digest}`, "redis", digest, "docker.io"],
  ["prom/prometheus:v3.7.3", "prom/prometheus:v3.7.3", "", "docker.io"],
  [`ghcr.io/mlflow/mlflow:v3.17.2-full@${digest}`, "ghcr.io/mlflow/mlflow:v3.17.2-full", digest, "ghcr.io"],
  [`127.0.0.1:5000/x:1@${digest}`, "127.0.0.1:5000/x:1", digest, "127.0.0.1:5000"],
  ["localhost/x:1", "localhost/x:1", "", "localhost"],
])("%s in parts", (reference, name, pinned, registry) => {
  expect([tagged(reference), digestOf(reference), registryOf(reference)]).toEqual([name, pinned, registry]);
});
