import { compare } from "../../../ops/bench/preview";

test("a preview is compared as a whole command, and its engine's part is told", () => {
  expect(compare(2000, 1000, 400)).toEqual({
    ours: "3.00 s, the engine's part 1.00 s",
    against: "2.40 s for an empty program, the engine's part 0.40 s",
    ratio: 1.25,
    aim: 1.5,
  });
});
