import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation";
import { Probes } from "../../components/backends/docker/ready";
import { execIn } from "../../ops/exec";
import { daemon, sweep } from "./support/docker";
import { startEngine, type TestEngine } from "./support/engine";
import { IDLE, makeImage } from "./support/image";
import { describeReal } from "./support/requirements";

jest.setTimeout(300_000);

const PREFIX = "t-sandbox-ready-";
const GO = "/go";

/** Passes when somebody has said go. */
const onGo = ["CMD", "sh", "-c", `[ -e ${GO} ]`];
const atOnce = ["CMD", "sh", "-c", ":"];

let program: (probes: Probes) => void;

const go = (name: string) => execIn(daemon, PREFIX + name, ["sh", "-c", `: > ${GO}`]);

/** A container that counts as ready when its check passes, within a budget. */
function service(probes: Probes, name: string, tests: string[], dependsOn: pulumi.Input<pulumi.Resource>[] = []) {
  const made = new docker.Container(
    name,
    {
      name: PREFIX + name,
      ...IDLE,
      healthcheck: { tests, interval: "1h0m0s", timeout: "1s", retries: 3, startPeriod: "0s" },
      labels: [{ label: "dev.ultrathink.startup", value: "60s" }],
    },
    { dependsOn },
  );
  return probes.ready(made);
}

describeReal("a program that waits for its containers, under the real engine", () => {
  let real: TestEngine;
  let stack: Stack;

  beforeAll(async () => {
    makeImage();
    await sweep(PREFIX);
    real = await startEngine();
    stack = await real.stack("ready", async () => {
      const probes = new Probes();
      program(probes);
      await probes.all();
    });
  });

  afterAll(async () => {
    await stack?.destroy();
    await real?.end();
  });

  it("makes what needs a ready one while another one still starts, and ends when all are ready", async () => {
    program = probes => {
      const fast = service(probes, "fast", atOnce);
      return [service(probes, "slow", onGo), service(probes, "second", atOnce, [fast])];
    };
    let slowWasLast = false;
    await stack.up({
      onEvent({ diagnosticEvent }) {
        // Only when the second one works may the slow one.
        if (diagnosticEvent?.urn?.endsWith("::second") && diagnosticEvent.message.includes("is up")) void go("slow");
        if (diagnosticEvent?.urn?.endsWith("::slow") && diagnosticEvent.message.includes("is up")) slowWasLast = true;
      },
    });
    expect(slowWasLast).toBe(true);
  });

  it("waits for nothing in a preview", async () => {
    program = probes => [service(probes, "never", ["CMD", "sh", "-c", "exit 1"])];
    expect((await stack.preview()).changeSummary.create).toBe(1);
  });
});
