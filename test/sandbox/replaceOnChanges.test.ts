import * as docker from "@pulumi/docker";
import type { Stack } from "@pulumi/pulumi/automation";
import { inspect, sweep } from "./support/docker";
import { startEngine, type TestEngine } from "./support/engine";
import { IDLE, makeImage } from "./support/image";
import { describeReal } from "./support/requirements";

jest.setTimeout(300_000);

const NAME = "t-sandbox-replace-container";
let check = "/bin/sh";

function program() {
  new docker.Container(
    "container",
    {
      name: NAME,
      ...IDLE,
      healthcheck: { tests: ["CMD", "test", "-e", check], interval: "1s", timeout: "1s", startPeriod: "0s", retries: 1 },
    },
    { deleteBeforeReplace: true, replaceOnChanges: ["healthcheck"] },
  );
  return Promise.resolve();
}

describeReal("a property that the plugin would only write down, with replaceOnChanges", () => {
  let real: TestEngine;
  let stack: Stack;

  beforeAll(async () => {
    makeImage();
    await sweep(NAME);
    real = await startEngine();
    stack = await real.stack("replace", program);
    await stack.up();
  });
  afterAll(async () => {
    await stack?.destroy();
    await real?.end();
  });

  it("replaces the container, which then has the new value", async () => {
    check = "/bin/sleep";
    const { summary } = await stack.up();

    expect(summary.resourceChanges).toMatchObject({ replace: 1 });
    expect((await inspect(NAME))!.Config.Healthcheck!.Test).toEqual(["CMD", "test", "-e", "/bin/sleep"]);
  });
});
