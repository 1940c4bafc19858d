import { unknownValue } from "@pulumi/pulumi/runtime";
import type { Cluster } from "../../../../sandbox/providers/kubernetes/cluster";
import { KubernetesStandIn } from "../../../../sandbox/providers/kubernetes/provider";
import { secret, type Props } from "../../../../sandbox/providers/bridge/values";

const urn = (token: string) => `urn:pulumi:prod::ultrathink::ultrathink:kubernetes:Backend$${token}::thing`;
const CONFIG_MAP = urn("kubernetes:core/v1:ConfigMap");
const SECRET = urn("kubernetes:core/v1:Secret");
const STATEFUL_SET = urn("kubernetes:apps/v1:StatefulSet");

/** A cluster that remembers what it is given, and marks it as its own. */
function remembering(): Cluster & { objects: Map<string, Props>; calls: string[] } {
  const objects = new Map<string, Props>();
  const calls: string[] = [];
  return {
    objects,
    calls,
    configure: () => undefined,
    async apply(manifest, mode) {
      calls.push(`${mode} ${manifest.metadata.name}`);
      objects.set(manifest.metadata.name, manifest);
      return { ...manifest, status: "from the server" };
    },
    async ready({ name }) {
      calls.push(`ready ${name}`);
    },
    async get({ name }) {
      return objects.get(name);
    },
    async remove({ name }) {
      objects.delete(name);
    },
  };
}

/** For what asks no cluster. */
const noCluster = remembering();

const manifest = (rest: Props = {}): Props => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", namespace: "n" },
  data: { x: "1" },
  ...rest,
});

test("check completes an object with what its type says, and refuses what no server takes", async () => {
  const provider = new KubernetesStandIn(noCluster);
  expect(await provider.check(CONFIG_MAP, {}, { metadata: { name: "a" } })).toEqual({
    inputs: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } },
    failures: [],
  });
  const failuresOf = async (token: string, inputs: Props) => (await provider.check(urn(token), {}, inputs)).failures?.map(({ property }) => property);
  expect(await failuresOf("kubernetes:core/v1:ConfigMap", {})).toEqual(["metadata.name"]);
  expect(await failuresOf("kubernetes:core/v1:ConfigMap", { metadata: { name: "A_b" } })).toEqual(["metadata.name"]);
  expect(await failuresOf("kubernetes:core/v1:ConfigMap", { metadata: { name: "a" }, kind: "Secret" })).toEqual(["kind"]);
  expect(await failuresOf("kubernetes:core/v1:Namespace", { metadata: { name: "a", namespace: "b" } })).toEqual(["metadata.namespace"]);
  expect(await failuresOf("kubernetes:core/v1:ConfigMap", { metadata: unknownValue })).toEqual([]);
});

test("a type that no stack uses is named with those that there are", async () => {
  const provider = new KubernetesStandIn(noCluster);
  await expect(provider.check(urn("kubernetes:core/v1:Pod"), {}, {})).rejects.toThrow(
    /does not implement kubernetes:core\/v1:Pod; it knows .*Deployment/,
  );
});

test.each([
  ["nothing, whatever the order of keys", CONFIG_MAP, manifest(), manifest({ metadata: { namespace: "n", name: "a" } }), false, []],
  ["data in place", CONFIG_MAP, manifest(), manifest({ data: { x: "2" } }), true, []],
  [
    "data of what is immutable by replacing it",
    CONFIG_MAP,
    manifest({ immutable: true }),
    manifest({ immutable: true, data: { x: "2" } }),
    true,
    ["data"],
  ],
  ["a name by replacing it", CONFIG_MAP, manifest(), manifest({ metadata: { name: "b", namespace: "n" } }), true, ["metadata.name"]],
  [
    "a claim by replacing its set",
    STATEFUL_SET,
    manifest({ spec: { replicas: 1, volumeClaimTemplates: [1] } }),
    manifest({ spec: { replicas: 2, volumeClaimTemplates: [2] } }),
    true,
    ["spec.volumeClaimTemplates"],
  ],
  ["replicas in place", STATEFUL_SET, manifest({ spec: { replicas: 1 } }), manifest({ spec: { replicas: 2 } }), true, []],
])("diff changes %s", async (_, where, before, after, changes, replaces) => {
  const found = await new KubernetesStandIn(noCluster).diff("n/a", where, { __inputs: before }, after);
  expect({ changes: found.changes, replaces: found.replaces }).toEqual({ changes, replaces });
});

test("what keeps its name goes before its successor comes, what changes it goes after", async () => {
  const provider = new KubernetesStandIn(noCluster);
  const frozen = manifest({ immutable: true });
  expect((await provider.diff("n/a", CONFIG_MAP, { __inputs: frozen }, { ...frozen, data: {} })).deleteBeforeReplace).toBe(true);
  const renamed = { ...frozen, metadata: { name: "b", namespace: "n" } };
  expect((await provider.diff("n/a", CONFIG_MAP, { __inputs: frozen }, renamed)).deleteBeforeReplace).toBe(false);
});

test("an object is made, waited for, read and removed, and its inputs stay comparable", async () => {
  const cluster = remembering();
  const provider = new KubernetesStandIn(cluster);
  const { id, outs } = await provider.create(CONFIG_MAP, manifest());
  expect(id).toBe("n/a");
  expect(cluster.calls).toEqual(["create a", "ready a"]);
  expect((await provider.diff(id, CONFIG_MAP, outs!, manifest())).changes).toBe(false);
  expect((await provider.read(id, CONFIG_MAP, outs)).id).toBe("n/a");
  await provider.delete(id, CONFIG_MAP, outs);
  expect(await provider.read(id, CONFIG_MAP, outs)).toEqual({ id: "", props: {} });
});

test("a secret stays one in the state, among the inputs too", async () => {
  const provider = new KubernetesStandIn(remembering());
  const { outs } = await provider.create(SECRET, { ...manifest({ kind: "Secret" }), data: { password: secret("aHVudGVyMg==") } });
  expect(outs!.data.password).toEqual(secret("aHVudGVyMg=="));
  expect(outs!.__inputs.data.password).toEqual(secret("aHVudGVyMg=="));
});
