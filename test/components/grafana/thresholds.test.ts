import { thresholdSteps } from "../../../components/grafana/thresholds";

const green = { value: null, color: "green" };

test("at least: the step is the limit", () => {
  expect(thresholdSteps({ warning: ">= 80%", critical: ">= 95%" })).toEqual([green, { value: 0.8, color: "orange" }, { value: 0.95, color: "red" }]);
});

test("above: the limit itself is still in order", () => {
  expect(thresholdSteps({ warning: "> 0", critical: "> 10" })).toEqual([green, { value: 0.001, color: "orange" }, { value: 10.001, color: "red" }]);
});

test("below: less is worse", () => {
  expect(thresholdSteps({ warning: "< 14", critical: "< 3" })).toEqual([
    { value: null, color: "red" },
    { value: 3, color: "orange" },
    { value: 14, color: "green" },
  ]);
});

test("one severity alone", () => {
  expect(thresholdSteps({ warning: "> 1000" })).toEqual([green, { value: 1000.001, color: "orange" }]);
  expect(thresholdSteps({ warning: "< 4" })).toEqual([
    { value: null, color: "orange" },
    { value: 4, color: "green" },
  ]);
});
