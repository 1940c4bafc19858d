import type Docker from "dockerode";
import { size, useOf } from "../../../ops/runtime/use";

const stats = (memory: object) =>
  ({
    cpu_stats: { cpu_usage: { total_usage: 3_000 }, system_cpu_usage: 20_000, online_cpus: 2 },
    precpu_stats: { cpu_usage: { total_usage: 1_000 }, system_cpu_usage: 10_000 },
    memory_stats: memory,
  }) as unknown as Docker.ContainerStats;

test("CPU is the share of the time that passed, in cores", () => {
  expect(useOf(stats({ usage: 0 })).cpu).toBeCloseTo(0.4);
});

test.each([
  ["cgroup v1", { total_inactive_file: 300, inactive_file: 100 }],
  ["cgroup v2", { inactive_file: 300 }],
])("memory leaves out the page cache that can be given back (%s)", (_, detail) => {
  expect(useOf(stats({ usage: 1000, stats: detail })).memory).toBe(700);
});

test.each([
  [512 * 1024 ** 2, "512M"],
  [1.5 * 1024 ** 3, "1.5G"],
])("%p bytes read as %s", (bytes, text) => {
  expect(size(bytes)).toBe(text);
});
