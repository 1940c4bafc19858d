import * as docker from "@pulumi/docker";
import { IMAGE } from "./image";

export const PREFIX = "t-sandbox-interrupted-";

/** Two containers: one that is ready at once and one that is healthy only when `/tmp/ready` appears in it. */
export async function slowProgram(): Promise<void> {
  const common = { image: IMAGE, init: true, memory: 16, memorySwap: 16, logDriver: "json-file", command: ["sleep", "1000"] };
  const quick = new docker.Container("quick", { ...common, name: `${PREFIX}quick` });
  new docker.Container(
    "slow",
    {
      ...common,
      name: `${PREFIX}slow`,
      healthcheck: { tests: ["CMD", "test", "-e", "/tmp/ready"], interval: "1s", timeout: "1s", startPeriod: "0s", retries: 3 },
      wait: true,
      waitTimeout: 300,
    },
    { dependsOn: quick },
  );
}
