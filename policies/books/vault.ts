import { row, type Book } from "./book";

/** UltraThink's vault: one server, apart from the stack whose backups it holds. */
export const vault: Book = {
  system: "ultrathink",
  project: "ultrathink-vault",
  containerPrefix: "ultrathink-",
  built: ["ultrathink/backup"],
  rows: [row("vault", 0.5, "512M", "256M")],
  tasks: row("task", 0.5, "256M", "64M"),
  scratchVolumes: [],
  buckets: { "ultrathink-backups": { lockDays: 14 }, "ultrathink-backups-recent": {} },
  volumes: { ultrathink_vault_data: { none: "it is the backup; prod's lies in S3, and dev's is as safe as this machine's disk" } },
};
