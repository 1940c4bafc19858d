import { compareSync } from "bcryptjs";
import fc from "fast-check";
import { reveal, secret } from "../../../../sandbox/providers/bridge/values";
import { generate } from "../../../../sandbox/providers/random/password";
import { standIns } from "../../../../sandbox/providers/standIns";

const urn = "urn:pulumi:dev::project::random:index/randomPassword:RandomPassword::password";
const all = { lower: true, upper: true, numeric: true, special: true };

it("has the asked length, only the wanted classes, and as many letters of each as asked", () => {
  const count = fc.nat({ max: 5 });
  fc.assert(
    fc.property(count, count, count, count, fc.boolean(), (minLower, minUpper, minNumeric, minSpecial, special) => {
      const password = generate({ ...all, length: 20, minLower, minUpper, minNumeric, special, minSpecial });
      const found = (pattern: RegExp) => password.match(pattern)?.length ?? 0;
      expect(password).toHaveLength(20);
      expect(found(/[a-z]/g)).toBeGreaterThanOrEqual(minLower);
      expect(found(/[A-Z]/g)).toBeGreaterThanOrEqual(minUpper);
      expect(found(/[0-9]/g)).toBeGreaterThanOrEqual(minNumeric);
      expect(found(/[^a-zA-Z0-9]/g)).toBeGreaterThanOrEqual(special ? minSpecial : 0);
      if (!special) expect(found(/[^a-zA-Z0-9]/g)).toBe(0);
    }),
  );
});

it("takes its special letters from those given", () => {
  expect(generate({ ...all, lower: false, upper: false, numeric: false, length: 50, overrideSpecial: "_-" })).toMatch(/^[_-]{50}$/);
});

it("comes out secret, with its bcrypt hash, and stays when nothing changes", async () => {
  const { inputs } = await standIns.check(urn, {}, { length: 24, number: false });
  const { outs } = await standIns.create(urn, inputs);

  expect(outs.result).toEqual(secret(expect.stringMatching(/^[^0-9]{24}$/)));
  expect(compareSync(reveal(outs.result), reveal(outs.bcryptHash))).toBe(true);
  expect(await standIns.diff("none", urn, outs, inputs)).toMatchObject({ changes: false });
  expect(await standIns.diff("none", urn, outs, { ...inputs, keepers: { rotated: "1" } })).toMatchObject({ replaces: ["keepers"] });
});

it.each([
  [{ length: 0 }, /1 or more/],
  [{ length: 4, minLower: 3, minUpper: 2 }, /must be at least 5/],
  [{ length: 4, lower: false, upper: false, numeric: false, special: false }, /at least one of/],
])("refuses %j", async (inputs, reason) => {
  expect((await standIns.check(urn, {}, inputs)).failures).toEqual([{ property: "length", reason: expect.stringMatching(reason) }]);
});
