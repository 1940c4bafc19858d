import * as pulumi from "@pulumi/pulumi";
import { startOrder, type System } from "../../systems/declaration";
import type { Backend } from "../backends/backend";
import type { CertificateAuthority } from "../certificates";
import { CLIENT_PASSWORD } from "../kafka/client";
import type { Secrets } from "../secrets";
import type { ServiceSpec } from "../spec";
import { alertmanagerSpec } from "./alertmanager";
import { alloySpec } from "./alloy";
import { blackboxExporterSpec } from "./blackbox-exporter";
import { cadvisorSpec } from "./cadvisor";
import { dcgmExporterSpec } from "./dcgm-exporter";
import type { ObservabilityEnvironment } from "./environment";
import { kafkaExporterSpec } from "./kafka-exporter";
import { kubeStateMetricsSpec } from "./kube-state-metrics";
import { lokiCanarySpec } from "./loki-canary";
import { lokiSpec } from "./loki";
import { nodeExporterSpec } from "./node-exporter";
import { postgresExporterSpec } from "./postgres-exporter";
import { prometheusSpec } from "./prometheus";
import { redisExporterSpec } from "./redis-exporter";

export interface ObservabilityArgs extends ObservabilityEnvironment {
  system: System;
  secrets: Secrets;
  authority: CertificateAuthority;
  backend: Backend;
}

/** Metrics, alerts and logs of a system: Prometheus, Alertmanager, Loki with its canary and log agent, and the exporters. */
export class Observability extends pulumi.ComponentResource {
  constructor(name: string, args: ObservabilityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("ultrathink:observability:Observability", name, {}, opts);
    const { system, secrets, authority, backend } = args;
    const { prometheus, alertmanager, loki, canary, logAgent, exporters } = system.observability;
    const specs: Record<string, () => ServiceSpec> = {
      [prometheus.service]: () => prometheusSpec(system, args, backend.discovery),
      [alertmanager.service]: () => alertmanagerSpec(system, args),
      [loki.service]: () => lokiSpec(system),
      [canary.service]: () => lokiCanarySpec(system),
      [logAgent.service]: () => alloySpec(system, backend.discovery.logs),
      [exporters.node]: () => nodeExporterSpec(system),
      [exporters.blackbox]: () => blackboxExporterSpec(system, authority.certificate),
    };
    const { database, kafka } = system;
    if (database)
      specs[exporters.postgres.service] = () => postgresExporterSpec(system, database, secrets.password("postgres-exporter"), authority.certificate);
    for (const exporter of exporters.redis) specs[exporter.service] = () => redisExporterSpec(system, exporter, secrets.password(exporter.of));
    const { kafka: kafkaExporter, gpu, cadvisor, kubeState } = exporters;
    if (cadvisor) specs[cadvisor] = () => cadvisorSpec(system, cadvisor);
    const identity = () => (kafka?.saslSsl ? { password: secrets.password(CLIENT_PASSWORD), authority: authority.certificate } : undefined);
    if (kafka && kafkaExporter) specs[kafkaExporter] = () => kafkaExporterSpec(system, kafka, kafkaExporter, identity());
    if (gpu) specs[gpu] = () => dcgmExporterSpec(system, gpu);
    const { objects } = backend.discovery;
    if (kubeState && objects) specs[kubeState] = () => kubeStateMetricsSpec(system, kubeState, objects);
    for (const service of startOrder(system)) {
      const spec = specs[service];
      if (spec) backend.service(spec(), { parent: this });
    }
    this.registerOutputs({});
  }
}
