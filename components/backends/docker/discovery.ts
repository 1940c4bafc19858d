import type { System } from "../../../systems/declaration";
import type { Discovery } from "../../discovery";

const CONTAINERS = "/var/lib/docker/containers";

/** Docker's json-file logs, each line with the Compose labels of its container. */
const components = `local.file_match "containers" {
  path_targets = [{ "__path__" = "${CONTAINERS}/*/*-json.log" }]
  sync_period  = "5s"
}

loki.source.file "containers" {
  targets    = local.file_match.containers.targets
  forward_to = [loki.process.containers.receiver]
}
`;

const stages = (project: string) => `  // What Docker writes around each line.
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
    selector            = "{stream=~\\".+\\", project!=\\"${project}\\"}"
    action              = "drop"
    drop_counter_reason = "other_project"
  }

  stage.timestamp {
    source = "time"
    format = "RFC3339Nano"
  }
`;

/** Every service is one container under its own name; cAdvisor, a service of the stack, measures them. */
export function dockerDiscovery(system: System): Discovery {
  return {
    targets: (service, port, labels) => ({ static_configs: [{ targets: [`${service}:${port}`], labels }] }),
    containerJobs: [],
    logs: {
      components,
      stages: stages(system.project),
      drop: ["filename", "project"],
      agent: { user: 0, hostPaths: [{ host: CONTAINERS, path: CONTAINERS }] },
    },
  };
}
