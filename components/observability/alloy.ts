import type { System } from "../../systems/declaration";
import type { LogSource } from "../discovery";
import { fromRow } from "../resources";
import type { ServiceSpec } from "../spec";
import { dataVolume, metricsPort } from "./environment";

const CONFIG = "/etc/alloy/config.alloy";
const DATA = "/var/lib/alloy/data";

/**
 * config.alloy: every container's lines, from where the backend has them, to Loki. Only four labels, each with few values; everything else stays in
 * the line.
 */
export function alloyConfig(system: System, source: LogSource): string {
  const { loki } = system.observability;
  return `// Logs of this stack's containers, to Loki.
${source.components}
loki.process "containers" {
  forward_to = [loki.write.loki.receiver]

${source.stages}
  // The level: the field of a JSON line, or else the first word that is one.
  stage.regex {
    source     = "line"
    expression = "(?i)\\\\b(?P<word>trace|debug|info|notice|log|warn|warning|error|err|fatal|critical|panic)\\\\b"
  }

  stage.json {
    source      = "line"
    expressions = { field = "level" }
  }

  stage.template {
    source   = "level"
    template = "{{ $word := ToLower (printf \\"%v\\" (or .field .word)) }}{{ if or (eq $word \\"trace\\") (eq $word \\"debug\\") }}debug{{ else if or (eq $word \\"info\\") (eq $word \\"notice\\") (eq $word \\"log\\") }}info{{ else if or (eq $word \\"warn\\") (eq $word \\"warning\\") }}warning{{ else if or (eq $word \\"error\\") (eq $word \\"err\\") }}error{{ else if or (eq $word \\"fatal\\") (eq $word \\"critical\\") (eq $word \\"panic\\") }}critical{{ else }}unknown{{ end }}"
  }

  stage.labels {
    values = { level = "" }
  }

  stage.static_labels {
    values = { system = "${system.name}" }
  }

  stage.label_drop {
    values = [${source.drop.map(label => `"${label}"`).join(", ")}]
  }

  // Docker ends each line with the line feed that the container wrote.
  stage.template {
    source   = "line"
    template = "{{ TrimSuffix .Value \\"\\\\n\\" }}"
  }

  stage.output {
    source = "line"
  }
}

loki.write "loki" {
  endpoint {
    url = "http://${loki.service}:${metricsPort(system, loki.service)}/loki/api/v1/push"
  }
}
`;
}

/** Grafana Alloy, the log agent. */
export function alloySpec(system: System, source: LogSource): ServiceSpec {
  const { service } = system.observability.logAgent;
  const port = metricsPort(system, service);
  return {
    ...fromRow(system, service),
    entrypoint: ["/bin/alloy"],
    command: ["run", `--server.http.listen-addr=0.0.0.0:${port}`, `--storage.path=${DATA}`, "--disable-reporting", CONFIG],
    ...source.agent,
    files: [{ path: CONFIG, kind: "alloy", content: alloyConfig(system, source) }],
    volumes: [{ volume: dataVolume(system, service), path: DATA }],
    // The image has bash and no HTTP client.
    health: {
      command: ["bash", "-c", `exec 3<>/dev/tcp/localhost/${port} && printf 'GET /-/ready HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ' 200 ' <&3`],
      startup: "60s",
    },
    stopGrace: "60s",
  };
}
