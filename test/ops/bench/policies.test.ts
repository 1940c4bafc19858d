import { comparePolicies } from "../../../ops/bench/policies";

test("the start of the command counts on both sides, and what any pack would take is told apart from what the rules take", () => {
  expect(comparePolicies(2000, { judged: 4000, started: 3600, plain: 3000 })).toEqual({
    ours: "6.00 s: the rules take 0.40 s, starting any pack 0.60 s",
    against: "5.00 s without a pack",
    ratio: 1.2,
    aim: 1.1,
  });
});
