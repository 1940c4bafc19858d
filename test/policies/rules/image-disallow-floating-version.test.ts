import { IMAGE } from "../../../policies/docker";
import { DEPLOYMENT } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/image-disallow-floating-version";
import { UNKNOWN, container, deployment, describeContainerRule, judge, pod } from "../support";

const digest = "a".repeat(64);
const mend = "Use a tag with an exact version such as 8.0.4, or a digest.";
const image = (name: string) => judge(rule, { name }, { type: IMAGE, name: "image-part" }).violations;

describeContainerRule(rule, {
  reports: {
    "a container of latest": [
      container({ image: "redis:latest" }),
      [`container "ultrathink-timescaledb": "redis:latest" has the floating tag "latest". ${mend}`],
    ],
    "a container without a tag": [container({ image: "redis" }), [`container "ultrathink-timescaledb": "redis" has neither tag nor digest. ${mend}`]],
  },
  accepts: {
    "an image id": container({ image: `sha256:${digest}` }),
    "a digest": container({ image: `redis@sha256:${digest}` }),
    "a digest with a floating tag": container({ image: `redis:latest@sha256:${digest}` }),
  },
  leavesOpen: { "the id of an image that is not pulled yet": container({ image: UNKNOWN }) },
});

it.each([
  "timescale/timescaledb-ha:pg17",
  "redis:8",
  "redis:8.0",
  "redis:8-alpine",
  "timescale/timescaledb-ha:pg17.10-ts2.29",
  "prom/prometheus:main",
  "grafana/loki:v3",
  "ubuntu:24.04",
])("reports the image resource %s with its tag", name => {
  expect(image(name)).toEqual([`image "image-part": "${name}" has the floating tag "${name.split(":")[1]}". ${mend}`]);
});

it.each(["localhost:5000/redis", `redis@sha256:${digest.slice(1)}`, "registry.example:443/team/part"])(
  "reports the image resource %s as unpinned",
  name => {
    expect(image(name)).toEqual([`image "image-part": "${name}" has neither tag nor digest. ${mend}`]);
  },
);

it.each([
  "timescale/timescaledb-ha:pg17.10-ts2.29.2",
  "ghcr.io/mlflow/mlflow:v3.17.2-full",
  "nvcr.io/nvidia/k8s/dcgm-exporter:4.4.1-4.6.0-ubuntu22.04",
  "oliver006/redis_exporter:v1.69.0-alpine",
  "localhost:5000/redis:8.0.4",
  `redis@sha256:${digest}`,
])("accepts the image resource %s", name => {
  expect(image(name)).toEqual([]);
});

it("judges every container of what runs pods", () => {
  const floating = deployment({ initContainers: [pod({ name: "secrets", image: "redis" })] }, { image: "redis:8" });
  expect(judge(rule, floating, { type: DEPLOYMENT }).violations).toEqual([
    `Deployment "data-service/secrets": "redis" has neither tag nor digest. ${mend}`,
    `Deployment "data-service/data-service": "redis:8" has the floating tag "8". ${mend}`,
  ]);
  expect(judge(rule, deployment(), { type: DEPLOYMENT })).toEqual({ violations: [] });
});
