import { bytes } from "../../ops/report";

test.each([
  [0, "0 B"],
  [453, "453 B"],
  [216.4 * 1024, "216 KiB"],
  [1_859_760, "1.8 MiB"],
  [1024 ** 3, "1.0 GiB"],
  [5 * 1024 ** 5, "5120 TiB"],
])("%d bytes are said as %s", (count, text) => {
  expect(bytes(count)).toBe(text);
});
