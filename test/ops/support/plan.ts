import { parseConfig } from "../../../config";
import { planStack } from "../../../components/plan";
import type { OpenVault } from "../../../ops/backups/open-vault";
import type { StackPlan } from "../../../ops/project";

/** UltraThink's own plan on Docker, as the operations get it. */
export const ultrathinkPlan = (settings: Record<string, unknown> = {}): StackPlan =>
  planStack(parseConfig({ backend: "docker", disposable: true, ...settings }, "dev"), "dev");

export const vault: OpenVault = {
  container: "ultrathink-vault",
  network: "ultrathink-vault",
  disk: "/srv/vault",
  files: [
    { path: "/etc/ultrathink/backup.json", content: "{}" },
    { path: "/run/secrets/vault-credentials", content: "of the identity that may only read", secret: true },
  ],
};
