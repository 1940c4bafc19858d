import { until } from "./until";

it("returns what the probe found", async () => {
  let looks = 0;
  expect(await until("the second look", 10, () => Promise.resolve(++looks === 2 ? "seen" : undefined))).toBe("seen");
});

it("names the condition and what it saw last", async () => {
  await expect(until("rain", 0, () => Promise.reject(new Error("sun")))).rejects.toThrow("not within 0 s: rain (last seen: sun)");
});
