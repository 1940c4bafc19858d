/** What the backup program's plan says of a job. Times in seconds. */
interface PlannedJob {
  name: string;
  kind?: string;
  schedule?: string;
  maxAgeSeconds?: number;
  keep?: Record<string, number>;
  bucket?: string;
}

interface BackupPlan {
  vault?: { endpoint?: string; bucket?: string; unlockedBucket?: string };
  jobs: PlannedJob[];
}

/** The plan in a text; `undefined` when it is none. */
export function parseBackupPlan(text: string): BackupPlan | undefined {
  try {
    const plan = JSON.parse(text) as BackupPlan;
    return Array.isArray(plan.jobs) ? plan : undefined;
  } catch {
    return undefined;
  }
}

/** Schedule and command of each line of a crontab. */
export function parseCrontab(text: string): { schedule: string; command: string }[] {
  return text.split("\n").flatMap(line => {
    const match = /^\s*((?:[^\s#]\S*\s+){5})(\S.*?)\s*$/.exec(line);
    return match ? [{ schedule: match[1]!.trim().replace(/\s+/g, " "), command: match[2]! }] : [];
  });
}
