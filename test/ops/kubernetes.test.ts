import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clusterOf, requireCluster } from "../../ops/kubernetes";

jest.setTimeout(60_000);

const saved = { ...process.env };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "t-kubernetes-"));
  const config = {
    clusters: ["one", "two"].map(name => ({ name, cluster: { server: `https://127.0.0.1:9/${name}` } })),
    users: [{ name: "me", user: { token: "only a test" } }],
    contexts: ["one", "two"].map(name => ({ name, context: { cluster: name, user: "me" } })),
    "current-context": "one",
  };
  process.env.KUBECONFIG = join(folder, "config");
  writeFileSync(process.env.KUBECONFIG, JSON.stringify(config));
});
afterEach(() => {
  process.env = { ...saved };
  rmSync(folder, { recursive: true, force: true });
});

const server = async (context?: string) => (await clusterOf({ context, namespaces: [] })).getCurrentCluster()!.server;

test("the stack's context is the one that is reached, and without one the kubeconfig's own", async () => {
  expect(await server("two")).toBe("https://127.0.0.1:9/two");
  expect(await server()).toBe("https://127.0.0.1:9/one");
});

test("a context that is not there is named with those that are", async () => {
  await expect(server("three")).rejects.toMatchObject({
    outcome: "usage",
    message: expect.stringMatching(/kubeContext: "three" is not in the kubeconfig, whose contexts are one, two\. Set KUBECONFIG/),
  });
});

test("a cluster that does not answer is a prerequisite, and no token is told", async () => {
  const failure = await requireCluster(await clusterOf({ namespaces: [] })).catch((error: Error) => error);
  expect(failure).toMatchObject({
    outcome: "prerequisites",
    message: expect.stringMatching(/context one \(https:\/\/127\.0\.0\.1:9\/one\) does not answer/),
  });
  expect((failure as Error).message).not.toContain("only a test");
});
