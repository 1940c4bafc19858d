import type { Input } from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { Scrape, System } from "../../systems/declaration";
import { AUTHORITY, authorityFile } from "../authority";
import { fromRow } from "../resources";
import type { ServiceSpec } from "../spec";
import { metricsPort } from "./environment";

const CONFIG = "/etc/blackbox_exporter/blackbox.yml";

type Probe = Extract<Scrape, { probe: string }>["probe"];

/** blackbox.yml: a module per kind of probe that a declaration can name. */
export function blackboxConfig(): string {
  const ipv4 = { preferred_ip_protocol: "ip4" };
  const modules: Record<Probe, object> = {
    tcp: { prober: "tcp", timeout: "5s", tcp: ipv4 },
    http: { prober: "http", timeout: "5s", http: ipv4 },
    https: { prober: "http", timeout: "5s", http: { ...ipv4, fail_if_not_ssl: true, tls_config: { ca_file: AUTHORITY } } },
    // The four-letter command is answered with lines, one of which names the mode that the server runs in.
    zookeeper: { prober: "tcp", timeout: "5s", tcp: { ...ipv4, query_response: [{ send: "srvr" }, { expect: "^Mode: " }] } },
  };
  return stringify({ modules }, { lineWidth: 0 });
}

/** blackbox_exporter: asks the services that have no metrics of their own. */
export function blackboxExporterSpec(system: System, authority: Input<string>): ServiceSpec {
  const service = system.observability.exporters.blackbox;
  const port = metricsPort(system, service);
  return {
    ...fromRow(system, service),
    entrypoint: ["/bin/blackbox_exporter"],
    command: [`--config.file=${CONFIG}`, `--web.listen-address=:${port}`],
    user: 65534,
    files: [{ path: CONFIG, kind: "blackbox", content: blackboxConfig() }, authorityFile(authority)],
    health: { command: ["wget", "-q", "-O", "/dev/null", `http://localhost:${port}/-/healthy`], startup: "30s", alive: "/-/healthy" },
    stopGrace: "10s",
  };
}
