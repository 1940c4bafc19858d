import type { System } from "../../systems/declaration";
import { fromRow } from "../resources";
import type { ServiceSpec } from "../spec";
import { dataVolume, metricsPort } from "./environment";

const CONFIG = "/etc/alloy/config.alloy";
const DATA = "/var/lib/alloy/data";
const CONTAINERS = "/var/lib/docker/containers";

/**
 * config.alloy: Docker's json-file logs, each line with the Compose labels of its container, to Loki. Only four labels, each with few values; everything
 * else stays in the line.
 */
export function alloyConfig(system: System): string {
  const { loki } = system.observability;
  return `// Logs of this stack's containers, to Loki.
local.file_match "containers" {
  path_targets = [{ "__path__" = "${CONTAINERS}/*/*-json.log" }]
  sync_period  = "5s"
}

loki.source.file "containers" {
  targets    = local.file_match.containers.targets
  forward_to = [loki.process.containers.receiver]
}

loki.process "containers" {
  forward_to = [loki.write.loki.receiver]

  // What Docker writes around each line.
  stage.json {
    expressions = {
      line    = "log",
      stream  = "stream",
      time    = "time",
      project = "attrs.\\"com.docker.compose.project\\"",
      service = "attrs.\\"com.docker.compose.service\\"",
    }
  }

  stage.labels {
    values = { project = "", service = "", stream = "" }
  }

  // Other containers on the machine are none of this stack's business.
  stage.match {
    selector            = "{stream=~\\".+\\", project!=\\"${system.project}\\"}"
    action              = "drop"
    drop_counter_reason = "other_project"
  }

  stage.timestamp {
    source = "time"
    format = "RFC3339Nano"
  }

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
    values = ["filename", "project"]
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
export function alloySpec(system: System): ServiceSpec {
  const { service } = system.observability.logAgent;
  const port = metricsPort(system, service);
  return {
    ...fromRow(system, service),
    entrypoint: ["/bin/alloy"],
    command: ["run", `--server.http.listen-addr=0.0.0.0:${port}`, `--storage.path=${DATA}`, "--disable-reporting", CONFIG],
    user: 0,
    files: [{ path: CONFIG, kind: "alloy", content: alloyConfig(system) }],
    volumes: [{ volume: dataVolume(system, service), path: DATA }],
    hostPaths: [{ host: CONTAINERS, path: CONTAINERS }],
    // The image has bash and no HTTP client.
    health: {
      command: ["bash", "-c", `exec 3<>/dev/tcp/localhost/${port} && printf 'GET /-/ready HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ' 200 ' <&3`],
      startup: "60s",
    },
    stopGrace: "60s",
  };
}
