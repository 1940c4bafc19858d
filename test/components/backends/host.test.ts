import { checkHost } from "../../../components/backends/docker/host";
import { ultrathink } from "../../../systems/ultrathink";

const host = { cores: 2, runtimes: ["runc"] };

test("limits above the host's cores are refused, each by name, unless the stack clamps them", () => {
  expect(() => checkHost(ultrathink, { clampCpus: false, gpuDevices: {} }, host)).toThrow(
    "this host cannot hold ultrathink:\n  - services.training-orchestrator.cpu: 4 is above this host's 2 cores, and Docker refuses it; " +
      "use a larger host, or set clampCpus to true in a development stack",
  );
  expect(() => checkHost(ultrathink, { clampCpus: true, gpuDevices: {} }, host)).not.toThrow();
  expect(() => checkHost(ultrathink, { clampCpus: false, gpuDevices: {} }, { ...host, cores: 4 })).not.toThrow();
});

test("GPUs on a host without NVIDIA's runtime are refused", () => {
  const config = { clampCpus: true, gpuDevices: { "inference-service": ["0"] } };
  expect(() => checkHost(ultrathink, config, host)).toThrow(
    /gpuDevices: \{"inference-service":\["0"\]\} asks for GPUs, .* no NVIDIA runtime \(it has runc\)/,
  );
  expect(() => checkHost(ultrathink, config, { ...host, runtimes: ["runc", "nvidia"] })).not.toThrow();
});
