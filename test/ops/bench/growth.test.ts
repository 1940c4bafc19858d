import { type Growth, growthFigures, growthTable } from "../../../ops/bench/growth";

const MIB = 1024 ** 2;
const cost = (seconds: number, program: number, engine: number) => ({
  resources: 274,
  milliseconds: seconds * 1000,
  program: program * MIB,
  engine: engine * MIB,
});
const growth: Growth = [
  { extra: 0, cost: cost(3, 300, 100) },
  { extra: 10, cost: cost(4, 310, 110) },
  { extra: 100, cost: cost(8, 500, 200) },
  { extra: 1000, cost: cost(53, 4300, 600) },
];

test("what 1000 services add is held against ten times what 100 add, without what the stack takes by itself", () => {
  expect(growthFigures(growth)).toEqual([
    ["prod preview: time that services add", { ours: "50.00 s for 1000 services", against: "10 × 5.00 s for 100", ratio: 1, aim: 1.1 }],
    ["memory that they add to the program", { ours: "3.9 GiB for 1000 services", against: "10 × 200 MiB for 100", ratio: 2, aim: 1.1 }],
    ["memory that they add to the engine", { ours: "500 MiB for 1000 services", against: "10 × 100 MiB for 100", ratio: 0.5, aim: 1.1 }],
  ]);
});

test("every size is printed with its time and both peaks", () => {
  expect(growthTable(growth)).toMatch(/1000 +274 +53\.00 s +4\.2 GiB +600 MiB/);
});
