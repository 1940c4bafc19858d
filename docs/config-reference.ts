import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

interface ConfigKey {
  description: string;
  type: string;
  default?: unknown;
}

const PAGE = join(__dirname, "config.md");

/** docs/config.md, made from the `config:` section of Pulumi.yaml. */
export function configReference(): string {
  const { name, config } = parse(readFileSync(join(__dirname, "../Pulumi.yaml"), "utf8")) as { name: string; config: Record<string, ConfigKey> };
  const rows = Object.entries(config).map(([key, { type, default: value, description }]) => {
    const standard = value === undefined ? "required" : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
    return `| \`${key}\` | ${type} | ${standard} | ${description.replaceAll("|", "\\|")} |`;
  });
  return `<!-- Generated from Pulumi.yaml; \`node --import tsx docs/config-reference.ts\` writes it anew. -->
# Stack config

One file per stack, \`Pulumi.<stack>.yaml\`, holds what differs from the defaults, under the namespace \`${name}\`:

\`\`\`yaml
config:
  ${name}:backend: docker
  ${name}:clampCpus: true
\`\`\`

An unknown key, a value of another type and a value that is not allowed are refused before anything is created, all faults at once.

| key | type | default | meaning |
|---|---|---|---|
${rows.join("\n")}
`;
}

if (require.main === module) writeFileSync(PAGE, configReference());
