import { lower } from "../../../../../sandbox/providers/docker/container/lower";
import { containerSchema } from "../../../../../sandbox/providers/docker/container/schema";
import { withDefaults } from "../../../../../sandbox/providers/bridge/schema";

const lowered = (inputs: object) => lower(withDefaults(containerSchema, { name: "web", image: "image", ...inputs }), "image");

it("turns MiB into bytes and CPUs into billionths", () => {
  expect(lowered({ memory: 2048, memorySwap: 2048, memoryReservation: 1024, shmSize: 256, cpus: "0.25" }).HostConfig).toMatchObject({
    Memory: 2147483648,
    MemorySwap: 2147483648,
    MemoryReservation: 1073741824,
    ShmSize: 268435456,
    NanoCpus: 250000000,
  });
});

it("leaves swap to Docker when it is not said, and takes -1 as no limit", () => {
  expect(lowered({ memory: 256 }).HostConfig).not.toHaveProperty("MemorySwap");
  expect(lowered({ memory: 256, memorySwap: -1 }).HostConfig).toMatchObject({ MemorySwap: -1 });
});

it("binds ports to the address asked for, and to every address by default", () => {
  const { ExposedPorts, HostConfig } = lowered({
    ports: [
      { internal: 80, external: 8080, ip: "127.0.0.1" },
      { internal: 53, protocol: "udp" },
    ],
  });
  expect(Object.keys(ExposedPorts!)).toEqual(["80/tcp", "53/udp"]);
  expect(HostConfig!.PortBindings).toEqual({
    "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "8080" }],
    "53/udp": [{ HostIp: "0.0.0.0", HostPort: "0" }],
  });
});

it("mounts volumes and paths, a path before a volume's name", () => {
  const volumes = [
    { volumeName: "data", containerPath: "/data" },
    { volumeName: "ignored", hostPath: "/etc", containerPath: "/host", readOnly: true, selinuxRelabel: "z" },
    { containerPath: "/anonymous" },
  ];
  const { Volumes, HostConfig } = lowered({ volumes });
  expect(HostConfig!.Binds).toEqual(["data:/data:rw", "/etc:/host:ro,z"]);
  expect(Object.keys(Volumes!)).toEqual(["/data", "/host", "/anonymous"]);
});

it("checks health by nanoseconds", () => {
  const healthcheck = { tests: ["CMD", "true"], interval: "1m0s", timeout: "500ms", startPeriod: "1h", retries: 3 };
  expect(lowered({ healthcheck }).Healthcheck).toEqual({ Test: ["CMD", "true"], Interval: 60e9, Timeout: 5e8, StartPeriod: 3600e9, Retries: 3 });
});

it.each([
  [{ gpus: "all" }, { Count: -1, Capabilities: [["gpu"]] }],
  [{ gpus: "device=0,2" }, { DeviceIDs: ["0", "2"], Capabilities: [["gpu"]] }],
  [
    { deviceRequests: [{ driver: "nvidia", deviceIds: ["1"], capabilities: ["gpu", "utility"] }] },
    { Driver: "nvidia", Count: 0, DeviceIDs: ["1"], Capabilities: [["gpu", "utility"]] },
  ],
  [{ deviceRequests: [{ count: 1 }] }, { Driver: "cdi", Count: 1 }],
])("asks for devices: %j", (inputs, request) => expect(lowered(inputs).HostConfig!.DeviceRequests).toEqual([expect.objectContaining(request)]));

it("handles systempaths=unconfined itself", () => {
  const { HostConfig } = lowered({ securityOpts: ["no-new-privileges", "systempaths=unconfined"] });
  expect(HostConfig).toMatchObject({ SecurityOpt: ["no-new-privileges"], MaskedPaths: [], ReadonlyPaths: [] });
});
