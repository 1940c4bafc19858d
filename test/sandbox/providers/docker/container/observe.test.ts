import { decimalCpus } from "../../../../../sandbox/providers/docker/container/observe";

it.each([
  [1e9, "1.0"],
  [4e9, "4.0"],
  [5e8, "0.5"],
  [1.25e9, "1.25"],
  [1e8, "0.1"],
])("reads %d billionths of a CPU as the plugin does", (nanoCpus, text) => expect(decimalCpus(nanoCpus)).toBe(text));
