import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { ruleMetrics } from "../../components/observability/rules";
import { bytes } from "../../systems/declaration";
import { ultrathink } from "../../systems/ultrathink";
import { startKubeState, type KubeState } from "./harness/kube-state";
import { environment, root } from "./harness/paths";
import { NAMESPACES, prepareProduction, STACK, type Production } from "./harness/production";
import { until } from "./harness/until";

const GPU = "nvidia.com/gpu";
const ZONE = "topology.kubernetes.io/zone";
const [NAMESPACE] = NAMESPACES as [string];

let production: Production;
beforeAll(async () => {
  production = await prepareProduction();
});
afterAll(() => production?.end());

/** Runs a command that must end with a code, and returns all that it said. */
async function said(command: string, code = 0): Promise<string> {
  const outcome = await production.ops(command);
  if (outcome.code !== code) throw new Error(`bin/ops ${command} ended with ${outcome.code}, not ${code}\n${outcome.stdout}\n${outcome.stderr}`);
  return `${outcome.stdout}\n${outcome.stderr}`;
}

const pods = async () =>
  (await Promise.all(NAMESPACES.map(async namespace => (await production.core.listNamespacedPod({ namespace })).items))).flat();
const claims = async () => (await production.core.listNamespacedPersistentVolumeClaim({ namespace: NAMESPACE })).items;
const volumesOfClaims = async () => Object.fromEntries((await claims()).map(({ metadata, spec }) => [metadata!.name!, spec!.volumeName]));
const nodes = async () => new Map((await production.core.listNode()).items.map(node => [node.metadata!.name!, node]));
const hasGpus = ({ status }: V1Node) => status?.allocatable?.[GPU] !== undefined;
const zoneOf = ({ metadata }: V1Node) => metadata!.labels![ZONE]!;
const asksGpu = ({ spec }: V1Pod) => spec!.containers.some(({ resources }) => resources?.limits?.[GPU] !== undefined);
const onEvery = ({ metadata }: V1Pod) => metadata!.ownerReferences?.[0]?.kind === "DaemonSet";
const isReady = ({ metadata, status }: V1Pod) =>
  metadata!.deletionTimestamp === undefined && (status?.conditions ?? []).some(({ type, status: state }) => type === "Ready" && state === "True");
const ofApp = (app: string) => async () => (await pods()).filter(({ metadata }) => metadata!.labels!.app === app);

describe("production on the real Kubernetes API", () => {
  it("comes up from nothing, and the API server warns of nothing", async () => {
    const output = await said("up");
    expect(output).toMatch(/^\d+ services are up and healthy after /m);
    // The plugin passes on what admission and the API's own deprecations say.
    expect(output).not.toMatch(/warning:/);
    expect(await said("status")).not.toMatch(/missing/);
  });

  it("has every pod where the scheduler may put it: GPUs for those who compute on them, and for nobody else", async () => {
    const [all, byName] = [await pods(), await nodes()];
    expect(all.length).toBeGreaterThan(40);
    for (const pod of all) {
      const node = byName.get(pod.spec!.nodeName ?? "");
      expect([pod.metadata!.name, node !== undefined, ["Running", "Succeeded"].includes(pod.status!.phase!)]).toEqual([
        pod.metadata!.name,
        true,
        true,
      ]);
      if (!onEvery(pod)) expect([pod.metadata!.name, hasGpus(node!)]).toEqual([pod.metadata!.name, asksGpu(pod)]);
    }
    const computing = Object.entries(ultrathink.services).filter(([, { gpu, onEvery: agent }]) => gpu && !agent);
    expect([...new Set(all.filter(asksGpu).map(({ metadata }) => metadata!.labels!.app))].sort()).toEqual(computing.map(([name]) => name).sort());
  });

  it.each(["kafka", "zookeeper"])("has %s in three zones", async app => {
    const [members, byName] = [await ofApp(app)(), await nodes()];
    expect(members.filter(isReady)).toHaveLength(3);
    expect(new Set(members.map(({ spec }) => zoneOf(byName.get(spec!.nodeName!)!))).size).toBe(3);
  });

  it("has two replicas of what serves, never on one host", async () => {
    const { items } = await production.autoscaling.listNamespacedHorizontalPodAutoscaler({ namespace: NAMESPACE });
    expect(items.length).toBeGreaterThan(0);
    for (const { spec } of items) {
      const replicas = await ofApp(spec!.scaleTargetRef.name)();
      expect(replicas.filter(isReady).length).toBeGreaterThanOrEqual(spec!.minReplicas!);
      expect(new Set(replicas.map(pod => pod.spec!.nodeName)).size).toBe(replicas.length);
    }
  });

  it("has every claim bound", async () => {
    const all = await claims();
    expect(all.length).toBeGreaterThan(10);
    expect(all.filter(({ status }) => status!.phase !== "Bound").map(({ metadata }) => metadata!.name)).toEqual([]);
  });

  it("has nothing to change in a second preview, and no drift", async () => {
    expect(await said("preview")).toMatch(/^No changes\.$/m);
    expect(await said("drift")).toMatch(/^No drift/m);
  });

  it("lets two nodes be drained at once, and never more than one member of a quorum go", async () => {
    const brokers = await ofApp("kafka")();
    const drained = ["kafka-1", "kafka-2"].map(name => brokers.find(({ metadata }) => metadata!.name === name)!.spec!.nodeName!);
    const fewest: Record<string, number> = { kafka: 3, zookeeper: 3 };
    let watching = true;
    const watch = (async () => {
      for (; watching; await new Promise(resolve => setTimeout(resolve, 100))) {
        for (const app of Object.keys(fewest)) fewest[app] = Math.min(fewest[app]!, (await ofApp(app)()).filter(isReady).length);
      }
    })();
    for (const name of drained) await production.core.patchNode({ name, body: [{ op: "add", path: "/spec/unschedulable", value: true }] });
    let refused = 0;
    await until("both nodes are empty", 180, async () => {
      const left = (await pods()).filter(pod => drained.includes(pod.spec!.nodeName ?? "") && !onEvery(pod) && pod.status!.phase === "Running");
      // All at once: who has to wait for whom is for the budgets to say.
      const answers = await Promise.all(
        left
          .filter(({ metadata }) => metadata!.deletionTimestamp === undefined)
          .map(({ metadata }) => {
            const { name, namespace } = metadata as { name: string; namespace: string };
            return production.core.createNamespacedPodEviction({ name, namespace, body: { metadata: { name, namespace } } }).then(
              () => 201,
              ({ code }: { code: number }) => code,
            );
          }),
      );
      refused += answers.filter(code => code === 429).length;
      expect(answers.filter(code => ![201, 404, 429].includes(code))).toEqual([]);
      return left.length === 0 ? true : undefined;
    });
    await until("every service well again", 180, async () => ((await production.ops("status")).code === 0 ? true : undefined));
    watching = false;
    await watch;
    // Both brokers were asked to go in the same moment, and one had to stay until the other was back.
    expect(refused).toBeGreaterThan(0);
    expect(fewest).toEqual({ kafka: 2, zookeeper: expect.any(Number) });
    expect(fewest.zookeeper).toBeGreaterThanOrEqual(2);
    for (const name of drained) await production.core.patchNode({ name, body: [{ op: "remove", path: "/spec/unschedulable" }] });
  });

  describe("what kube-state-metrics tells alerts", () => {
    const KUBE_STATE = "kube-state-metrics";
    let state: KubeState;
    beforeAll(async () => {
      state = await startKubeState(production);
    });
    afterAll(() => state?.end());

    /** Alerts by name, each with what it is about. */
    const alerts = async () =>
      (await state.alerts())
        .map(({ alertname, service, pod, deployment, persistentvolumeclaim }) =>
          [alertname, service, pod?.replace(/-[a-z0-9]+-[a-z0-9]{5}$/, ""), deployment, persistentvolumeclaim].filter(Boolean).join(" "),
        )
        .sort();
    const cordon = async (unschedulable: boolean) => {
      for (const name of (await nodes()).keys()) {
        await production.core.patchNode({ name, body: [{ op: "add", path: "/spec/unschedulable", value: unschedulable }] });
      }
    };

    it("comes with the arguments and the rights that are declared, and is refused nothing", async () => {
      for (const probe of state.probes) expect([probe, (await fetch(probe)).status]).toEqual([probe, 200]);
      await until("a sample of every pod", 30, async () =>
        (await state.query('kube_pod_status_phase{phase="Running"} == 1')).length > 40 ? true : undefined,
      );
      expect(
        state
          .log()
          .split("\n")
          .filter(line => /forbidden|unauthorized|failed to/i.test(line)),
      ).toEqual([]);
      expect((await state.query(`up{job="ultrathink-${KUBE_STATE}"}`)).map(({ metric, value }) => [metric.service, value])).toEqual([
        [KUBE_STATE, 1],
      ]);
    });

    it("has room in its limit", async () => {
      const { memory } = ultrathink.services[KUBE_STATE]!;
      process.stdout.write(`kube-state-metrics has ${Math.round(state.memory() / 2 ** 20)}M of its ${memory}\n`);
      expect(state.memory()).toBeLessThan(bytes(memory) / 2);
    });

    it("has every metric of an alert, and each pod's series the name of its service", async () => {
      const exposition = await state.exposition();
      const read = ruleMetrics(ultrathink).filter(({ metric, services }) => services.includes(KUBE_STATE) && metric !== "up");
      expect(read.length).toBeGreaterThan(10);
      expect(read.filter(({ metric }) => !exposition.includes(`# TYPE ${metric} `))).toEqual([]);
      const members = Object.values(ultrathink.groups).flat();
      const expected = (await pods()).map(({ metadata }) => [
        metadata!.name!,
        members.includes(metadata!.name!) ? metadata!.name! : metadata!.labels!.app!,
      ]);
      const told = await state.query("max by (pod, service) (kube_pod_status_phase)");
      expect(Object.fromEntries(told.map(({ metric }) => [metric.pod, metric.service]))).toEqual(Object.fromEntries(expected));
      // Nothing that it says collides with what its target is labelled with.
      expect(await state.query('{__name__=~"kube_.+",exported_service!=""} or {__name__=~"kube_.+",exported_instance!=""}')).toEqual([]);
    });

    it("fires what is wrong and nothing else, and nothing when it is right again", async () => {
      const { core, autoscaling, batch } = production;
      const gone = (name: string) => core.deleteNamespacedPod({ name, namespace: NAMESPACE });
      await until("no alert", 60, async () => ((await alerts()).length === 0 ? true : undefined));

      await cordon(true);
      await gone("kafka-2");
      await gone("kafka-3");
      const [replica] = await ofApp("data-service")();
      await gone(replica!.metadata!.name!);
      const scaler = { name: "regime-detection", namespace: NAMESPACE };
      const most = (await autoscaling.readNamespacedHorizontalPodAutoscaler(scaler)).spec!.maxReplicas;
      await autoscaling.patchNamespacedHorizontalPodAutoscaler({ ...scaler, body: [{ op: "replace", path: "/spec/maxReplicas", value: 2 }] });
      const { spec } = await batch.readNamespacedCronJob({ name: "health-report", namespace: NAMESPACE });
      const job = { name: "health-report-29387460", namespace: NAMESPACE };
      await batch.createNamespacedJob({
        namespace: NAMESPACE,
        body: { metadata: { name: job.name }, spec: { ...spec!.jobTemplate.spec!, activeDeadlineSeconds: 1 } },
      });
      const claim = { name: "data-loki-1", namespace: NAMESPACE };
      const { spec: like } = await core.readNamespacedPersistentVolumeClaim({ ...claim, name: "data-loki-0" });
      await core.createNamespacedPersistentVolumeClaim({
        namespace: NAMESPACE,
        body: { metadata: { name: claim.name }, spec: { accessModes: like!.accessModes, resources: like!.resources, storageClassName: "nowhere" } },
      });
      const crashing = { name: (await ofApp("mlflow")())[0]!.metadata!.name!, namespace: NAMESPACE };
      await core.patchNamespacedPodStatus({
        ...crashing,
        body: [{ op: "replace", path: "/status/containerStatuses/0/state", value: { waiting: { reason: "CrashLoopBackOff" } } }],
      });

      const expected = [
        "KubeDeploymentReplicasMismatch data-service data-service",
        "KubeHpaMaxedOut regime-detection",
        "KubeJobFailed health-report",
        "KubePdbNotEnoughHealthyPods kafka",
        "KubePersistentVolumeClaimNotBound loki data-loki-1",
        "KubePodCrashLooping mlflow mlflow",
        "KubePodNotReady data-service data-service",
        "KubePodNotReady kafka-2 kafka-2",
        "KubePodNotReady kafka-3 kafka-3",
        "KubeStatefulSetReplicasMismatch kafka",
      ];
      await until("every alert", 90, async () => {
        const found = await alerts();
        if (JSON.stringify(found) === JSON.stringify(expected)) return true;
        throw new Error(found.join("\n"));
      });

      await cordon(false);
      await gone(crashing.name);
      await batch.deleteNamespacedJob({ ...job, propagationPolicy: "Background" });
      await core.deleteNamespacedPersistentVolumeClaim(claim);
      await autoscaling.patchNamespacedHorizontalPodAutoscaler({ ...scaler, body: [{ op: "replace", path: "/spec/maxReplicas", value: most }] });
      await until("every service well again", 180, async () => ((await production.ops("status")).code === 0 ? true : undefined));
      // A crash is remembered for five minutes, since the next one comes after a pause.
      await until("no alert but that", 60, async () => {
        const found = await alerts();
        if (found.join() === "KubePodCrashLooping mlflow mlflow") return true;
        throw new Error(found.join("\n"));
      });
    });
  });

  it("finds what was changed by hand, and up takes it back", async () => {
    const mlflow = { name: "mlflow", namespace: NAMESPACE };
    const path = "/spec/template/spec/containers/0/resources/limits/memory";
    const memory = async () => (await production.apps.readNamespacedDeployment(mlflow)).spec!.template.spec!.containers[0]!.resources!.limits!.memory;
    const declared = await memory();
    await production.apps.patchNamespacedDeployment({ ...mlflow, body: [{ op: "replace", path, value: "3Gi" }] });
    await production.core.deleteNamespacedService({ name: "redis", namespace: NAMESPACE });

    const drift = await said("drift", 3);
    expect(drift).toMatch(/~ update +mlflow \(kubernetes:apps\/v1:Deployment\)/);
    expect(drift).toMatch(/- delete +redis \(kubernetes:core\/v1:Service\)/);
    expect(drift).toMatch(/^2 resources drifted/m);
    await said("up");
    expect(await memory()).toBe(declared);
    expect(await said("drift")).toMatch(/^No drift/m);
  });

  it("keeps the data through a down, and an up that is killed half-way finds it when it is run again", async () => {
    const before = await volumesOfClaims();
    expect(await said("down")).toMatch(/Kept: ultrathink, ultrathink-node\./);
    expect((await pods()).map(({ metadata }) => metadata!.name)).toEqual([]);
    expect(await volumesOfClaims()).toEqual(before);

    const child = spawn("bin/ops", ["up", "--stack", STACK], {
      cwd: root,
      env: { ...environment(), ...production.env },
      detached: true,
      stdio: "ignore",
    });
    const ended = new Promise(resolve => child.on("close", resolve));
    await until("some pods, not all", 300, async () => {
      if (child.exitCode !== null) throw new Error(`up ended with ${child.exitCode} before it could be killed`);
      return (await pods()).length >= 8 ? true : undefined;
    });
    process.kill(-child.pid!, "SIGKILL");
    await ended;

    await said("up");
    expect(await said("status")).not.toMatch(/missing/);
    expect(await volumesOfClaims()).toEqual(before);
  });

  it("leaves nothing but the volumes that the storage class keeps when it is purged", async () => {
    const volumes = Object.values(await volumesOfClaims());
    expect(await said("purge --yes")).toMatch(/Their storage class keeps the volumes/);
    const names = (await production.core.listNamespace()).items.map(({ metadata }) => metadata!.name!);
    expect(names.filter(name => NAMESPACES.includes(name))).toEqual([]);
    const kept = (await production.core.listPersistentVolume()).items.map(({ metadata }) => metadata!.name!);
    expect(volumes.filter(name => !kept.includes(name!))).toEqual([]);
    expect(readdirSync(join(root, ".state"))).not.toContain(STACK);
  });
});

describe("the sandbox's cluster", () => {
  /** Command lines of all processes that name a folder. */
  const processesIn = (folder: string) =>
    readdirSync("/proc")
      .filter(name => /^\d+$/.test(name))
      .flatMap(pid => {
        try {
          return [readFileSync(`/proc/${pid}/cmdline`, "utf8")];
        } catch {
          return []; // It has ended meanwhile.
        }
      })
      .filter(command => command.includes(folder));

  it("ends with the process that started it, however that ends, and leaves nothing", async () => {
    const script = `require("./sandbox/cluster/start").startCluster(console.error).then(({ kubeconfig }) => console.log(kubeconfig)); setInterval(() => {}, 1000)`;
    const child = spawn(process.execPath, ["--require", "tsx/cjs", "--eval", script], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    const kubeconfig = await new Promise<string>(resolve => child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim())));
    const folder = dirname(kubeconfig);
    expect(processesIn(folder).length).toBeGreaterThanOrEqual(5);
    child.kill("SIGKILL");
    await until("no process of the cluster", 30, async () => (processesIn(folder).length === 0 ? true : undefined));
    await until("no folder of the cluster", 10, async () => (readdirSync(dirname(folder)).some(name => folder.endsWith(name)) ? undefined : true));
  });
});
