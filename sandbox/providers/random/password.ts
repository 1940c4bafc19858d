import { randomInt } from "node:crypto";
import { hash } from "bcryptjs";
import { bool, int, map, replaces, required, string } from "../bridge/schema";
import type { ResourceType } from "../bridge/resource";
import type { Props } from "../bridge/values";

/** The cost that Go's bcrypt library, and so the plugin, uses by default. */
const BCRYPT_COST = 10;

const classes = [
  { wanted: "lower", least: "minLower", letters: "abcdefghijklmnopqrstuvwxyz" },
  { wanted: "upper", least: "minUpper", letters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
  { wanted: "numeric", least: "minNumeric", letters: "0123456789" },
  { wanted: "special", least: "minSpecial", letters: "!@#$%&*()-_=+[]{}<>:?" },
] as const;

function pick(letters: string): string {
  return letters[randomInt(letters.length)]!;
}

/** Shuffles in place, each order equally likely, so that the required letters do not always come first. */
function shuffle(letters: string[]): string[] {
  for (let last = letters.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [letters[last], letters[other]] = [letters[other]!, letters[last]!];
  }
  return letters;
}

/** A password of the wanted classes from the operating system's random source. */
export function generate(inputs: Props): string {
  const alphabets = classes
    .map(({ wanted, least, letters }) => ({
      letters: wanted === "special" && inputs.overrideSpecial ? (inputs.overrideSpecial as string) : letters,
      used: inputs[wanted] as boolean,
      least: (inputs[least] as number | undefined) ?? 0,
    }))
    .filter(({ used }) => used);
  const needed = alphabets.flatMap(({ letters, least }) => Array.from({ length: least }, () => pick(letters)));
  const all = alphabets.map(({ letters }) => letters).join("");
  const rest = Array.from({ length: inputs.length - needed.length }, () => pick(all));
  return shuffle([...needed, ...rest]).join("");
}

/** `random.RandomPassword`. Only replaced, never updated: the result stays until one of its inputs changes. */
export const randomPassword: ResourceType = {
  schema: {
    length: int({ ...required, ...replaces, rule: { test: value => value >= 1, says: "a whole number of 1 or more" } }),
    lower: bool({ ...replaces, default: true }),
    upper: bool({ ...replaces, default: true }),
    numeric: bool({ ...replaces, computed: true }),
    number: bool({ ...replaces, computed: true }),
    special: bool({ ...replaces, default: true }),
    minLower: int({ ...replaces, default: 0 }),
    minUpper: int({ ...replaces, default: 0 }),
    minNumeric: int({ ...replaces, default: 0 }),
    minSpecial: int({ ...replaces, default: 0 }),
    overrideSpecial: string(replaces),
    keepers: map(replaces),
  },
  secretOutputs: ["result", "bcryptHash"],
  refuse(inputs) {
    const least = classes.reduce((sum, { least: key }) => sum + (inputs[key] ?? 0), 0);
    if (inputs.length < least) {
      return [{ property: "length", reason: `must be at least ${least}, the sum of minLower, minUpper, minNumeric and minSpecial` }];
    }
    const numeric = inputs.numeric ?? inputs.number ?? true;
    if ([inputs.lower, inputs.upper, inputs.special].every(used => used === false) && !numeric) {
      return [{ property: "length", reason: "at least one of lower, upper, numeric and special must be true" }];
    }
    return [];
  },
  async create(inputs) {
    // `number` is the older name of `numeric`; the plugin keeps both equal.
    const numeric = inputs.numeric ?? inputs.number ?? true;
    const asked = { ...inputs, numeric, number: numeric };
    const result = generate(asked);
    return { id: "none", state: { ...asked, result, bcryptHash: await hash(result, BCRYPT_COST) } };
  },
  async read(id, state) {
    return { id, state };
  },
  async remove() {},
};
