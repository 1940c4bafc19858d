/** A value as JSON has it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What was done to one place of a value. */
export type Operator = "removed" | "tenfold" | "tenth" | "flipped" | "opened";

/** One change of a value, in one place. */
export interface Change {
  /** Where, without numbers: elements of a list go by what names them, else by `[]`. */
  path: string;
  operator: Operator;
  value: Json;
}

const NUMBER = /^(\d+(?:\.\d+)?)(m|k|g|mb|gb|kb|Ki|Mi|Gi|B|M|G|ms|s|min|h|d|MB|GB|)$/;

/** Ten times and a tenth of a number, with or without a unit; a whole one stays whole. */
function scaled(value: number | string): { operator: Operator; value: Json }[] {
  const [, digits, unit = ""] = (typeof value === "number" ? /^(\d+(?:\.\d+)?)()$/ : NUMBER).exec(String(value)) ?? [];
  if (digits === undefined) return [];
  const number = Number(digits);
  const whole = Number.isInteger(number);
  const [more, less] = number === 0 ? [1, undefined] : [number * 10, whole ? Math.floor(number / 10) : number / 10];
  return [{ operator: "tenfold" as const, number: more }, ...(less === undefined ? [] : [{ operator: "tenth" as const, number: less }])].map(
    ({ operator, number: changed }) => ({ operator, value: typeof value === "number" ? changed : `${changed}${unit}` }),
  );
}

/** What names an element of a list: a field that tells it from the others, or the name before an equals sign. */
export function nameOf(element: Json): string {
  if (typeof element === "string") return /^(-{0,2}[\w.-]+)=/.exec(element)?.[1] ?? "";
  if (typeof element !== "object" || element === null || Array.isArray(element)) return "";
  // A copy of the secrets, which must lie in memory, unlike other room to write.
  if ("emptyDir" in element && /secrets$/.test(String(element["name"]))) return "secrets";
  const name = element["label"] ?? element["alert"] ?? element["topologyKey"] ?? element["file"];
  return typeof name === "string" ? name : "";
}

/** A Go duration such as `2m0s`, in seconds. */
const goSeconds = (text: string): number | undefined => {
  const [, hours = 0, minutes = 0, rest] = /^(?:(\d+)h)?(?:(\d+)m)(?:(\d+)s)$/.exec(text) ?? [];
  return rest === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
};

function inText(text: string): { operator: Operator; value: Json }[] {
  if (text === "true" || text === "false") return [{ operator: "flipped", value: text === "true" ? "false" : "true" }];
  const [, key, value] = /^(-{0,2}[\w.-]+=)(.*)$/s.exec(text) ?? [];
  if (key === undefined) return scaled(goSeconds(text) === undefined ? text : `${goSeconds(text)}s`);
  return inText(value!).map(change => ({ ...change, value: `${key}${change.value as string}` }));
}

function ofLeaf(value: Json): { operator: Operator; value: Json }[] {
  if (typeof value === "boolean") return [{ operator: "flipped", value: !value }];
  if (typeof value === "number") return scaled(value);
  return typeof value === "string" ? inText(value) : [];
}

/** Every change of a tree in one place: each number ten times and a tenth, each switch flipped, each node removed. */
export function changesOf(tree: Json, path = ""): Change[] {
  if (Array.isArray(tree)) {
    return tree.flatMap((element, index) => {
      const here = `${path}[${nameOf(element)}]`;
      return [
        // Without its only element a list is as good as gone, which is a change of its own.
        ...(tree.length > 1 ? [{ path: here, operator: "removed" as const, value: tree.filter((_, other) => other !== index) }] : []),
        ...changesOf(element, here).map(change => ({ ...change, value: tree.map((other, at) => (at === index ? change.value : other)) })),
      ];
    });
  }
  if (typeof tree === "object" && tree !== null) {
    return Object.entries(tree).flatMap(([key, child]) => {
      const here = path === "" ? key : `${path}.${key}`;
      const { [key]: _, ...rest } = tree;
      return [
        { path: here, operator: "removed" as const, value: rest },
        ...changesOf(child, here).map(change => ({ ...change, value: { ...tree, [key]: change.value } })),
      ];
    });
  }
  return ofLeaf(tree).map(change => ({ path, ...change }));
}
