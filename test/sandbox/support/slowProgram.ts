import * as docker from "@pulumi/docker";
import { IDLE } from "./image";

export const PREFIX = "t-sandbox-interrupted-";

/** Two containers: one that is ready at once and one that is healthy only when `/tmp/ready` appears in it. */
export async function slowProgram(): Promise<void> {
  const quick = new docker.Container("quick", { ...IDLE, name: `${PREFIX}quick` });
  new docker.Container(
    "slow",
    {
      ...IDLE,
      name: `${PREFIX}slow`,
      healthcheck: { tests: ["CMD", "test", "-e", "/tmp/ready"], interval: "1s", timeout: "1s", startPeriod: "0s", retries: 3 },
      wait: true,
      waitTimeout: 300,
    },
    { dependsOn: quick },
  );
}
