import { type Finding, assess, atLeast } from "../../../ops/doctor/assess";
import type { Findings } from "../../../ops/doctor/probes";
import { demandOf } from "../../../ops/doctor/requirements";
import type { StackPlan } from "../../../ops/project";

const plan: StackPlan = {
  system: "s",
  backend: "docker",
  bindAddress: "127.0.0.1",
  disposable: true,
  clampCpus: false,
  gpuDevices: [],
  volumes: [],
  backups: undefined,
  cluster: undefined,
  releases: undefined,
  recovery: undefined,
  services: [
    { name: "db", container: "db", controller: "db", image: "i", cpu: 2, memory: 2048, reserved: 1024, ports: [5432], needs: [], job: false },
    { name: "api", container: "api", controller: "api", image: "i", cpu: 1, memory: 1024, reserved: 512, ports: [8000], needs: ["db"], job: false },
    {
      name: "schema",
      container: "schema",
      controller: "schema",
      image: "i",
      cpu: 9,
      memory: 9000,
      reserved: 9000,
      ports: [],
      needs: ["db"],
      job: true,
    },
    {
      name: "grafana",
      container: "g",
      controller: "g",
      image: "i",
      cpu: 9,
      memory: 9000,
      reserved: 9000,
      ports: [3000],
      needs: [],
      job: false,
      leftOut: "no image",
    },
  ],
};

/** A machine with everything. */
const ready: Findings = {
  cores: 4,
  memory: 3072,
  docker: { version: "27.0", api: "1.46", os: "Debian", limitsMemory: true, gpuRuntime: false, root: "/d" },
  diskFree: 30,
  ports: { 5432: "free", 8000: "ours" },
  kernel: { "vm.overcommit_memory": "1", transparent_hugepage: "never", "vm.max_map_count": "262144", "net.core.somaxconn": "1024" },
  gpus: [],
  node: "20.20.0",
  tools: { npm: true, make: true, docker: true, curl: true, jq: true, nc: true },
};

const judge = (found: Partial<Findings>, changed: Partial<StackPlan> = {}): Finding[] => {
  const whole = { ...plan, ...changed };
  return assess({ ...ready, ...found }, demandOf(whole), whole);
};
const notOk = (findings: Finding[]) => findings.filter(({ verdict }) => verdict !== "ok").map(({ check, verdict }) => [check, verdict]);

test("demand sums what stays up, without jobs and what is left out", () => {
  expect(demandOf(plan)).toEqual({
    largestCpu: { service: "db", cores: 2 },
    cpu: 3,
    reserved: 1536,
    limit: 3072,
    ports: [
      { port: 5432, address: "127.0.0.1", service: "db", moves: true },
      { port: 8000, address: "127.0.0.1", service: "api", moves: true },
    ],
  });
});

test("the vault's port must be free as well, and no portOffset moves it", () => {
  const demand = demandOf(plan, { bindAddress: "127.0.0.2", ports: [9010] });
  expect(demand.ports.at(-1)).toEqual({ port: 9010, address: "127.0.0.2", service: "the vault", moves: false });
  const found = { ...ready, ports: { ...ready.ports, 9010: { holder: "container other" } } };
  expect(assess(found, demand, plan).find(({ check }) => check === "port 9010")).toMatchObject({
    found: "held by container other",
    required: "free for the vault",
    verdict: "fault",
    mend: "end what holds it",
  });
});

test("a machine with everything has no fault and no warning", () => {
  expect(notOk(judge({}))).toEqual([]);
});

test.each<[string, Partial<Findings>, Partial<StackPlan>, [string, string][]]>([
  ["a CPU limit above the cores", { cores: 1 }, {}, [["CPU cores", "fault"]]],
  ["the same, clamped by config", { cores: 1 }, { clampCpus: true }, [["CPU cores", "warning"]]],
  ["fewer cores than all limits together", { cores: 2 }, {}, [["CPU cores", "warning"]]],
  ["less memory than the reservations", { memory: 1535 }, {}, [["memory", "fault"]]],
  ["less memory than the limits", { memory: 3071 }, {}, [["memory", "warning"]]],
  ["a full disk", { diskFree: 9 }, {}, [["disk free", "fault"]]],
  ["a filling disk", { diskFree: 29 }, {}, [["disk free", "warning"]]],
  ["a taken port", { ports: { 5432: { holder: "container other" }, 8000: "free" } }, {}, [["port 5432", "fault"]]],
  ["an old Docker", { docker: { ...ready.docker, api: "1.40" } as Findings["docker"] }, {}, [["Docker Engine", "fault"]]],
  ["a Docker without memory limits", { docker: { ...ready.docker, limitsMemory: false } as Findings["docker"] }, {}, [["Docker Engine", "fault"]]],
  [
    "kernel settings as Linux ships them",
    { kernel: { "vm.overcommit_memory": "0", transparent_hugepage: "always", "vm.max_map_count": "65530", "net.core.somaxconn": "128" } },
    {},
    [
      ["vm.overcommit_memory", "warning"],
      ["transparent_hugepage", "warning"],
      ["vm.max_map_count", "warning"],
      ["net.core.somaxconn", "warning"],
    ],
  ],
  ["a GPU asked for where there is none", {}, { gpuDevices: ["0"] }, [["GPU", "fault"]]],
  ["a GPU device that is not there", { gpus: ["0"] }, { gpuDevices: ["0", "1"] }, [["GPU", "fault"]]],
  ["a GPU that Docker cannot hand out", { gpus: ["0"] }, { gpuDevices: ["0"] }, [["GPU", "fault"]]],
  ["a GPU that nobody asked for", { gpus: ["0"] }, {}, [["GPU", "warning"]]],
  ["an old Node.js", { node: "20.19.9" }, {}, [["Node.js", "fault"]]],
  ["a missing tool of the runbook", { tools: { ...ready.tools, jq: false } }, {}, [["jq", "warning"]]],
])("%s", (_, found, changed, expected) => {
  expect(notOk(judge(found, changed))).toEqual(expected);
});

test("a GPU that is there and handed out by Docker is in order", () => {
  const docker = { ...ready.docker, gpuRuntime: true } as Findings["docker"];
  expect(notOk(judge({ gpus: ["0"], docker }, { gpuDevices: ["0"] }))).toEqual([]);
});

test("all faults are told at once, each with what to do", () => {
  const faults = judge(
    { cores: 1, memory: 1, docker: { error: "connect ENOENT" }, diskFree: undefined, ports: { 5432: { holder: "x" }, 8000: { holder: "y" } } },
    { gpuDevices: ["0"] },
  ).filter(({ verdict }) => verdict === "fault");
  expect(faults.map(({ check }) => check)).toEqual(["Docker Engine", "CPU cores", "memory", "port 5432", "port 8000", "GPU"]);
  for (const { mend } of faults) expect(mend).toBeTruthy();
});

test("a stack on Kubernetes needs no Docker", () => {
  expect(judge({ docker: { error: "none" } }, { backend: "kubernetes" }).map(({ check }) => check)).toEqual([
    "Node.js",
    "npm",
    "make",
    "docker",
    "curl",
    "jq",
    "nc",
  ]);
});

test.each([
  ["1.41", "1.41", true],
  ["1.9", "1.41", false],
  ["2.0", "1.41", true],
  ["20.20.2", "20.20.0", true],
  ["20.3.9", "20.20.0", false],
])("%s is at least %s: %p", (version, least, expected) => {
  expect(atLeast(version, least)).toBe(expected);
});
