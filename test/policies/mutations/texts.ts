import { parser } from "@prometheus-io/lezer-promql";
import { parse, stringify } from "yaml";
import { changesOf, type Change, type Json } from "./tree";

/** Changes of a config file's text in one place, by its kind. */
export function changesOfText(kind: string, text: string): Change[] | undefined {
  return readers[kind]?.(text);
}

/** `key=value` or `key value`, a line each. */
const lines =
  (separator: RegExp) =>
  (text: string): Change[] => {
    const all = text.split("\n");
    return all.flatMap((line, index) => {
      const at = separator.exec(line);
      if (!at || line.startsWith("#")) return [];
      const [key, value] = [line.slice(0, at.index), line.slice(at.index + at[0].length)];
      const replaced = (by: string[]) => [...all.slice(0, index), ...by, ...all.slice(index + 1)].join("\n");
      return [
        { path: key, operator: "removed" as const, value: replaced([]) },
        ...changesOf(value, key).map(change => ({ ...change, value: replaced([`${key}${at[0]}${String(change.value)}`]) })),
      ];
    });
  };

const yaml = (text: string): Change[] =>
  changesOf(parse(text) as Json).map(change => ({ ...change, value: stringify(change.value, { lineWidth: 0 }) }));
const json = (text: string): Change[] => changesOf(JSON.parse(text) as Json).map(change => ({ ...change, value: JSON.stringify(change.value) }));

interface RuleFile {
  groups: { rules: { alert: string; expr: string }[] }[];
}

/** As YAML, and each number and time in an expression. */
function alertRules(text: string): Change[] {
  const file = parse(text) as RuleFile;
  const expressions = file.groups
    .flatMap(({ rules }) => rules)
    .flatMap(rule => {
      const original = rule.expr;
      const changes = numbersOf(original).flatMap(({ from, to }) =>
        changesOf(original.slice(from, to)).map(({ operator, value }): Change => {
          rule.expr = original.slice(0, from) + String(value) + original.slice(to);
          const changed = stringify(file, { lineWidth: 0 });
          rule.expr = original;
          return { path: `groups[].rules[${rule.alert}].expr number`, operator, value: changed };
        }),
      );
      return changes;
    });
  return [...yaml(text), ...expressions];
}

function numbersOf(expr: string): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  parser.parse(expr).iterate({ enter: ({ name, from, to }) => void (name.startsWith("NumberDurationLiteral") && found.push({ from, to })) });
  return found;
}

/** Each line gone, and each at another time. */
function crontab(text: string): Change[] {
  const all = text.split("\n");
  return all.flatMap((line, index) => {
    if (line === "" || line.startsWith("#")) return [];
    const path = line.split(" ").slice(5).join(" ");
    const replaced = (by: string[]) => [...all.slice(0, index), ...by, ...all.slice(index + 1)].join("\n");
    return [
      { path, operator: "removed" as const, value: replaced([]) },
      { path: `${path} schedule`, operator: "tenfold" as const, value: replaced([line.replace(/^\S+ \S+ \S+/, "0 0 1")]) },
    ];
  });
}

/** Each retention policy gone, and each at another age. */
function sql(text: string): Change[] {
  return [...text.matchAll(/^SELECT add_retention_policy\('(\w+)', INTERVAL '(\d+) seconds'.*$/gm)].flatMap(([line, table, seconds]) => [
    { path: `${table} retention`, operator: "removed" as const, value: text.replace(line, "") },
    ...changesOf(Number(seconds)).map(({ operator, value }) => ({
      path: `${table} retention`,
      operator,
      value: text.replace(line, line.replace(seconds!, String(value))),
    })),
  ]);
}

/** As lines, and the broker's listeners for whoever comes. */
const kafka = (text: string): Change[] => {
  const opened = text.replace("SASL_SSL", "PLAINTEXT");
  return [...lines(/=/)(text), ...(opened === text ? [] : [{ path: "listener.security.protocol.map", operator: "opened" as const, value: opened }])];
};

/** Each line gone, each for whoever comes without TLS, and each for whoever comes. */
function pgHba(text: string): Change[] {
  const all = text.split("\n");
  return all.flatMap((line, index) => {
    const [type] = line.split(" ");
    if (!type) return [];
    const replaced = (by: string[]) => [...all.slice(0, index), ...by, ...all.slice(index + 1)].join("\n");
    const opened = type === "local" ? [] : [line.replace(type, "host"), line.replace(type, "hostnossl"), line.replace(/\S+$/, "trust")];
    return [
      { path: type, operator: "removed" as const, value: replaced([]) },
      ...opened.map(open => ({ path: type, operator: "opened" as const, value: replaced([open]) })),
    ];
  });
}

const readers: Record<string, (text: string) => Change[]> = {
  kafka,
  zookeeper: lines(/=/),
  pgbackrest: lines(/=/),
  redis: lines(/ /),
  prometheus: yaml,
  alertmanager: yaml,
  loki: yaml,
  "prometheus-rules": alertRules,
  "backup-plan": json,
  buckets: json,
  "kafka-topics": json,
  crontab,
  sql,
  "pg-hba": pgHba,
};
