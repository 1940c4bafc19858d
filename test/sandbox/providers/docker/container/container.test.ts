import { standIns } from "../../../../../sandbox/providers/standIns";

const urn = "urn:pulumi:dev::project::docker:index/container:Container::web";
const least = { name: "web", image: "image" };

const reasons = async (inputs: object) =>
  (await standIns.check(urn, {}, { ...least, ...inputs })).failures!.map(({ property, reason }) => `${property}: ${reason}`);

/** What `up` would do to a running container made from `before`, when the program now says `after`. */
async function changeOf(before: object, after: object) {
  const olds = (await standIns.check(urn, {}, { ...least, ...before })).inputs;
  const news = (await standIns.check(urn, {}, { ...least, ...after })).inputs;
  const { changes, replaces } = await standIns.diff("id", urn, olds, news);
  if (!changes) return "nothing";
  return replaces!.length > 0 ? "replace" : "update";
}

describe("a container's inputs", () => {
  it.each([
    [{ command: ["redis-server", "--save", ""] }, /^command: values for command may not be empty$/],
    [{ uploads: [{ file: "/x" }] }, /^uploads\[0\]: one of 'content', 'contentBase64' or 'source' must be set/],
    [{ uploads: [{ file: "/x", content: "a", contentBase64: "YQ==" }] }, /^uploads\[0\]: only one of .* not content and contentBase64$/],
    [{ uploads: [{ file: "/x", content: "a", permissions: "400" }] }, /^uploads\[0\].permissions: .*four octal digits such as 0400/],
    [{ volumes: [{ volumeName: "v" }] }, /^volumes\[0\]: volume entry without containerPath/],
    [{ volumes: [{ hostPath: "relative", containerPath: "/x" }] }, /^volumes\[0\].hostPath: .*an absolute path/],
    [{ mounts: [{ type: "npipe", target: "/x" }] }, /^mounts\[0\].type: .*bind, volume or tmpfs/],
    [{ restart: "sometimes" }, /^restart: .*no, on-failure, always or unless-stopped/],
    [{ healthcheck: { tests: ["CMD", "true"], interval: "15" } }, /^healthcheck.interval: .*a duration/],
    [{ cpus: "two" }, /^cpus: Error setting cpus/],
    [{ memory: 1.5 }, /^memory: expected a whole number/],
    [{ gpus: "0" }, /^gpus: .*"all" or "device=/],
    [{ gpus: "all", deviceRequests: [{ driver: "nvidia" }] }, /^gpus: conflicts with "deviceRequests"/],
    [{ dns: ["1.1.1.1"] }, /^dns: the sandbox's stand-in does not implement "dns"/],
    [{ entrypoint: ["x"] }, /^entrypoint: Invalid or unknown key/],
    [{ image: undefined }, /^image: Missing required property 'image'/],
  ])("%j is refused before anything is created", async (inputs, reason) => {
    expect(await reasons(inputs)).toEqual([expect.stringMatching(reason)]);
  });
});

describe("what a change does", () => {
  it.each([
    [{ memory: 64 }, { memory: 128 }],
    [{ memorySwap: 64 }, { memorySwap: 128 }],
    [{ memoryReservation: 1 }, { memoryReservation: 2 }],
    [{ cpuShares: 1 }, { cpuShares: 2 }],
    [{ cpuSet: "0" }, { cpuSet: "0-1" }],
    [{ restart: "no" }, { restart: "always" }],
    [
      { restart: "on-failure", maxRetryCount: 1 },
      { restart: "on-failure", maxRetryCount: 2 },
    ],
    [{ mustRun: false }, { mustRun: true }],
    // Accepted by the plugin although the running container keeps the old ones.
    [{ healthcheck: { tests: ["CMD", "a"] } }, { healthcheck: { tests: ["CMD", "b"] } }],
    [{ init: false }, { init: true }],
    [{ tmpfs: { "/a": "" } }, { tmpfs: { "/b": "" } }],
  ])("%j to %j updates in place", async (before, after) => expect(await changeOf(before, after)).toBe("update"));

  it.each([
    [{ command: ["a"] }, { command: ["b"] }],
    [{ cpus: "0.5" }, { cpus: "1.0" }],
    [{ envs: ["A=1"] }, { envs: ["A=2"] }],
    [{ labels: [{ label: "a", value: "1" }] }, { labels: [{ label: "a", value: "2" }] }],
    [{ uploads: [{ file: "/x", content: "1" }] }, { uploads: [{ file: "/x", content: "2" }] }],
    [{ ports: [{ internal: 80, external: 1 }] }, { ports: [{ internal: 80, external: 2 }] }],
    [{ ports: [{ internal: 80 }] }, {}],
    [{ logOpts: { "max-size": "1m" } }, { logOpts: { "max-size": "2m" } }],
    [{ capabilities: { drops: ["ALL"] } }, { capabilities: { drops: ["ALL"], adds: ["CHOWN"] } }],
    [{ networksAdvanced: [{ name: "n", aliases: ["a"] }] }, { networksAdvanced: [{ name: "n", aliases: ["b"] }] }],
    [{}, { readOnly: true }],
  ])("%j to %j replaces", async (before, after) => expect(await changeOf(before, after)).toBe("replace"));

  it.each([
    [{ envs: ["A=1", "B=2"] }, { envs: ["B=2", "A=1"] }],
    [{ user: "1000" }, {}],
    [{ workingDir: "/" }, { workingDir: "" }],
    [{ command: ["image's own"] }, {}],
    [{ ports: [{ internal: 80, external: 32768 }] }, { ports: [{ internal: 80 }] }],
    [
      {
        ports: [
          { internal: 1, external: 1 },
          { internal: 2, external: 2 },
        ],
      },
      {
        ports: [
          { internal: 2, external: 2 },
          { internal: 1, external: 1 },
        ],
      },
    ],
    [{ networksAdvanced: [{ name: "n", aliases: ["a", "b"] }] }, { networksAdvanced: [{ name: "n", aliases: ["b", "a"] }] }],
  ])("%j to %j does nothing", async (before, after) => expect(await changeOf(before, after)).toBe("nothing"));
});
