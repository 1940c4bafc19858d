import { spawn } from "node:child_process";
import { once } from "node:events";
import { buildTool } from "../../../sandbox/images/build";
import { freePort } from "./port";

/** A server that answers as AWS does, in memory; whoever has it names it to the client libraries by its `env`. */
export interface Moto {
  endpoint: string;
  env: Record<string, string>;
  stop(): Promise<void>;
}

/**
 * Starts one on the loopback address.
 *
 * @param account number of the account that every caller is of
 */
export async function startMoto(region: string, account = "123456789012"): Promise<Moto> {
  const command = await buildTool("moto", line => console.info(line));
  const port = await freePort();
  const child = spawn(command, ["-H", "127.0.0.1", "-p", String(port)], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, MOTO_ACCOUNT_ID: account },
  });
  let said = "";
  child.stderr.on("data", chunk => (said += chunk));
  const endpoint = `http://127.0.0.1:${port}`;
  for (const end = Date.now() + 60_000; !(await answers(endpoint));) {
    if (child.exitCode !== null || Date.now() > end) throw new Error(`moto does not answer at ${endpoint}: ${said}`);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return {
    endpoint,
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: "testing",
      AWS_SECRET_ACCESS_KEY: "testing",
      // What a person's own files say is no business of a test.
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    },
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}

const answers = (endpoint: string) =>
  fetch(`${endpoint}/moto-api/`).then(
    ({ ok }) => ok,
    () => false,
  );
