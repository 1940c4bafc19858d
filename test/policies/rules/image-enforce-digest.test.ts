import { CONTAINER, IMAGE, NETWORK } from "../../../policies/docker";
import { CRON_JOB, DEPLOYMENT } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/image-enforce-digest";
import { UNKNOWN, container, deployment, judgeStack, object, pod, resource } from "../support";

const digest = `sha256:${"a".repeat(64)}`;
const mend =
  "Run `make images` where the registries can be reached, and commit images.lock.json; push one that is built here to a registry first, and name it there.";
const image = (name: string, project?: string) => resource(IMAGE, { name }, { project });
const runs = (reference: string) => resource(DEPLOYMENT, deployment({ initContainers: [] }, { image: reference }));

describe(rule.name, () => {
  it.each([
    ["a digest beside a tag", image(`redis:8.0.4@${digest}`)],
    ["a digest alone", image(`redis@${digest}`)],
    ["a container of an image's id", resource(CONTAINER, container({ image: digest }))],
    ["a container of an image that is not pulled yet", resource(CONTAINER, container({ image: UNKNOWN }))],
    ["on Docker what is built from the system's own sources", image("ultrathink/workloads:0.1.0")],
    ["in the vault on Docker, too", image("ultrathink/backup:0.1.0", "ultrathink-vault")],
    ["a pod of a digest", runs(`registry.example:5000/data:1.4.2@${digest}`)],
  ])("accepts %s", (_, one) => {
    expect(judgeStack(rule, [one])).toEqual({ violations: [] });
  });

  it.each([
    ["an exact tag", image("redis:8.0.4"), "redis:8.0.4"],
    ["half a digest", image(`redis:8.0.4@${digest.slice(1)}`), `redis:8.0.4@${digest.slice(1)}`],
    ["a container of a tag", resource(CONTAINER, container({ image: "redis:8.0.4" })), "redis:8.0.4"],
    ["another image under a name that begins like one that is built here", image("ultrathink/workloads-2:0.1.0"), "ultrathink/workloads-2:0.1.0"],
    ["what is built here, where other machines run it", runs("ultrathink/workloads:0.1.0"), "ultrathink/workloads:0.1.0"],
  ])("reports %s", (_, one, named) => {
    expect(judgeStack(rule, [one]).violations).toEqual([`stack "dev": without a digest it names ${named}. ${mend}`]);
  });

  it("reports every image of a stack once, and all of them together", () => {
    const task = object(CRON_JOB, "nightly", {
      jobTemplate: { spec: { template: { spec: { initContainers: [pod({ image: "redis:8.0.4" })], containers: [pod({ image: "kafka:7.9.6" })] } } } },
    });
    expect(judgeStack(rule, [image(`loki:3.7.7@${digest}`), image("redis:8.0.4"), task]).violations).toEqual([
      `stack "dev": without a digest it names 2 images: kafka:7.9.6, redis:8.0.4. ${mend}`,
    ]);
  });

  it("has nothing to say of a stack without images", () => {
    expect(judgeStack(rule, [resource(NETWORK, { name: "net" })]).notApplicable).toBe("nothing in this stack names an image");
  });
});
