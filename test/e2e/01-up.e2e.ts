import { connect } from "node:net";
import { ultrathink } from "../../systems/ultrathink";
import { docker, isJob, isWell, stackContainers, STACK_LABEL } from "./harness/docker";
import { run, succeed } from "./harness/shell";
import { leftOut, ops } from "./harness/stack";
import { until } from "./harness/until";

/** `E2E_REUSE=1`: test the stack that is up instead of one from nothing. */
const reuse = process.env.E2E_REUSE === "1";

function accepts(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host: "127.0.0.1", port, timeout: 5000 });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("connect", end(true)).on("error", end(false)).on("timeout", end(false));
  });
}

describe("make up", () => {
  it("brings everything up from nothing and prints the addresses", async () => {
    if (reuse) return expect((await ops("status")).code).toBe(0);
    const volumes = await docker.listVolumes({ filters: { label: [STACK_LABEL] } });
    const containers = Object.keys(await stackContainers());
    if (containers.length + volumes.Volumes.length > 0) {
      throw new Error(
        "the dev stack is on this machine already: the end-to-end run starts from nothing and deletes what it made. Run `make purge` first, or E2E_REUSE=1 to test the running one",
      );
    }
    const { code, stdout, stderr } = await run("make up", { seconds: 2700 });
    if (code !== 0) throw new Error(`make up ended with ${code}\n${stdout}\n${stderr}`);
    for (const [service, row] of Object.entries(ultrathink.services)) {
      if (row.port !== undefined && !new RegExp(`^Left out: ${service} `, "m").test(stdout)) {
        expect(stdout).toMatch(new RegExp(`^\\s*${service}\\s+127\\.0\\.0\\.1:${row.port}\\b`, "m"));
      }
    }
  });

  it("leaves every service healthy and every job done, with no restart on the way", async () => {
    expect((await ops("status")).code).toBe(0);
    // Docker asks some of them for the first time only now.
    await until("healthy by Docker's own checks", 90, async () => {
      const ill = Object.entries(await stackContainers()).filter(([, info]) => !isJob(info) && !isWell(info));
      return ill.length === 0 || Promise.reject(new Error(ill.map(([name]) => name).join(", ")));
    });
    const containers = await stackContainers();
    const absent = await leftOut();
    expect(
      Object.keys(containers)
        .filter(name => !isJob(containers[name]!))
        .sort(),
    ).toEqual(
      Object.keys(ultrathink.services)
        .filter(name => !absent.includes(name))
        .sort(),
    );
    for (const [name, info] of Object.entries(containers)) {
      if (isJob(info)) expect([name, info.State.Status, info.State.ExitCode]).toEqual([name, "exited", 0]);
      else expect([name, isWell(info), reuse ? 0 : info.RestartCount]).toEqual([name, true, 0]);
    }
  });

  it("answers on every published port, on loopback alone", async () => {
    const absent = await leftOut();
    const ports = Object.entries(ultrathink.services).flatMap(([service, { port }]) =>
      port === undefined || absent.includes(service) ? [] : [port],
    );
    const silent = (await Promise.all(ports.map(async port => [port, await accepts(port)] as const))).filter(([, answered]) => !answered);
    expect(silent).toEqual([]);
    const listening = await succeed("docker ps --filter label=dev.ultrathink.stack=dev --format '{{.Ports}}'");
    expect(listening).not.toMatch(/0\.0\.0\.0|\[?::\]?:/);
  });

  it("leaves out only what has a reason, and says it", async () => {
    const { stdout } = await ops("status");
    const reasons = [...stdout.matchAll(/^Left out: (\S+) \((.+)\)$/gm)].map(([, service, reason]) => [service, reason!.length > 10]);
    for (const entry of reasons)
      expect([["grafana", "dcgm-exporter", "kube-state-metrics"].includes(entry[0] as string), entry[1]]).toEqual([true, true]);
  });
});
