import { comparePolicies } from "../../../ops/bench/policies";

test("the start of the command counts on both sides", () => {
  expect(comparePolicies(2000, 4000, 3000)).toEqual({
    ours: "6.00 s, the pack's part 1.00 s",
    against: "5.00 s without the pack",
    ratio: 1.2,
    aim: 1.1,
  });
});
