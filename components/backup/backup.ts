import * as pulumi from "@pulumi/pulumi";
import type { System } from "../../systems/declaration";
import type { Backend } from "../backends/backend";
import { authorityFile } from "../authority";
import type { CertificateAuthority } from "../certificates";
import { objectStoreCredentials } from "../object-store";
import { metricsPort } from "../observability/environment";
import { fromRow } from "../resources";
import { CLIENT_PASSWORD } from "../kafka/client";
import type { Secrets } from "../secrets";
import type { FileMount, ServiceSpec } from "../spec";
import { POSTGRES_SOCKET, POSTGRES_VOLUME, SOCKET_VOLUME } from "../timescaledb/paths";
import { accessFiles, backupCrontab, planFiles } from "./files";
import { backupPlan, type BackupPlan } from "./plan";
import type { VaultClient } from "./vault";

/** User of the database's image, whose files the sidecar reads. */
const USER = 1000;

/** Files by which the sidecar reaches the stack's own servers, for those that the plan has. */
function sources({ redis, objectStore, kafka }: BackupPlan, secrets: Secrets, authority: pulumi.Input<string>): FileMount[] {
  return [
    ...(redis ? [{ path: redis.passwordFile, kind: "secret" as const, content: secrets.password(redis.service) }] : []),
    ...(objectStore
      ? [
          {
            path: objectStore.credentialsFile,
            kind: "secret" as const,
            content: objectStoreCredentials(secrets.password(objectStore.service)),
          },
        ]
      : []),
    ...(kafka?.sasl ? [{ path: kafka.sasl.passwordFile, kind: "secret" as const, content: secrets.password(CLIENT_PASSWORD) }] : []),
    ...((objectStore ?? kafka?.sasl) ? [authorityFile(authority)] : []),
  ];
}

/** The sidecar: the database's image with the backup program, beside the server's data and socket, so that it needs neither Docker nor a shell there. */
export function backupSpec(system: System, plan: BackupPlan, own: FileMount[]): ServiceSpec {
  const { service } = system.backups!;
  const { database } = plan;
  return {
    ...fromRow(system, service),
    user: USER,
    command: ["serve"],
    files: [...planFiles(plan), { path: "/etc/ultrathink/backup-crontab", kind: "crontab", content: backupCrontab(plan) }, ...own],
    sidecarOf: database?.service,
    volumes: database ? [{ volume: "timescale", path: POSTGRES_VOLUME, readOnly: true }] : [],
    scratch: [...(database ? [{ volume: SOCKET_VOLUME, path: POSTGRES_SOCKET }] : []), { volume: "backup_scratch", path: "/var/lib/backup" }],
    tmpfs: { "/tmp": "64M" },
    health: {
      command: ["curl", "-fsS", "--max-time", "4", "-o", "/dev/null", `http://localhost:${metricsPort(system, service)}/health`],
      startup: "120s",
    },
    stopGrace: "60s",
  };
}

/** Makes the declared backups on their schedules, keeps them as long as declared, and proves each week that they restore (requirements: Backups). */
export class Backup extends pulumi.ComponentResource {
  constructor(
    name: string,
    args: { system: System; vault: VaultClient; secrets: Secrets; authority: CertificateAuthority; backend: Backend },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("ultrathink:backup:Backup", name, {}, opts);
    const { system, vault, secrets, authority, backend } = args;
    const plan = backupPlan(system)!;
    const own = [...vault.files(accessFiles(plan)), ...sources(plan, secrets, authority.certificate)];
    backend.service(backupSpec(system, plan, own), { parent: this });
    this.registerOutputs({});
  }
}
