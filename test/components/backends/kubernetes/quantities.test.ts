import * as fc from "fast-check";
import { cpuQuantity, memoryQuantity, resourcesOf } from "../../../../components/backends/kubernetes/quantities";
import { system } from "./support";

test.each([
  ["2G", "2Gi"],
  ["1.5G", "1536Mi"],
  ["512M", "512Mi"],
  ["1024M", "1Gi"],
] as const)("%s of memory is %s", (declared, quantity) => {
  expect(memoryQuantity(declared)).toBe(quantity);
});

test.each([
  [2, "2"],
  [0.5, "500m"],
  [0.25 / 4, "63m"],
  [0.1 / 4, "25m"],
])("%p cores are %s", (cores, quantity) => {
  expect(cpuQuantity(cores)).toBe(quantity);
});

test("no CPU quantity is below what was asked for, nor a thousandth above it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6400 }), hundredths => {
      const text = cpuQuantity(hundredths / 400);
      const milli = text.endsWith("m") ? Number(text.slice(0, -1)) : Number(text) * 1000;
      expect(milli).toBeGreaterThanOrEqual(hundredths * 2.5 - 1e-6);
      expect(milli).toBeLessThan(hundredths * 2.5 + 1);
    }),
  );
});

test("limits are the table's, the memory request its reservation, the CPU request a quarter", () => {
  expect(resourcesOf(system, { name: "timescaledb", ...system.services.timescaledb! })).toEqual({
    requests: { cpu: "500m", memory: "1Gi", "ephemeral-storage": "128Mi" },
    limits: { cpu: "2", memory: "2Gi", "ephemeral-storage": "1Gi" },
  });
});

test("what answers trades requests half of its CPU limit", () => {
  expect(resourcesOf(system, { name: "inference-service", ...system.services["inference-service"]! }).requests.cpu).toBe("1");
});
