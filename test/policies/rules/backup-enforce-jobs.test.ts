import { ultrathink } from "../../../policies/books/ultrathink";
import { CONTAINER, type Container } from "../../../policies/docker";
import { rule } from "../../../policies/rules/backup-enforce-jobs";
import { UNKNOWN, container, judgeStack, resource } from "../support";

const PLAN = "/etc/ultrathink/backup.json";
const CRONTAB = "/etc/ultrathink/backup-crontab";
const { jobs: book, restoreTest, expire } = ultrathink.backups!;

interface Planned {
  name: string;
  kind: string;
  schedule: string;
  maxAgeSeconds?: number;
  keep: Record<string, number>;
  bucket: string;
}

const table: Planned[] = book.map(({ name, kind, schedule, maxAge, keep, bucket }) => ({
  name,
  kind,
  schedule,
  maxAgeSeconds: maxAge,
  keep: { ...keep },
  bucket,
}));
const crontab = (jobs: Planned[]) => [
  ...jobs.map(({ schedule, name }) => `${schedule} backup run ${name}`),
  `${restoreTest} backup restore-test`,
  `${expire} backup expire`,
];

const own = { endpoint: "https://vault:9000", bucket: "ultrathink-backups", unlockedBucket: "ultrathink-backups-recent" };

/** The sidecar with a job of the table changed, or with another table. */
function sidecar(
  change: (jobs: Planned[]) => Planned[] = jobs => jobs,
  { lines = crontab, ...vault }: { lines?: typeof crontab; endpoint?: string; bucket?: string; unlockedBucket?: string } = {},
): Container {
  const jobs = change(structuredClone(table));
  return container({
    name: "ultrathink-backup",
    labels: [
      { label: "dev.ultrathink.config.backup-plan", value: PLAN },
      { label: "dev.ultrathink.config.crontab", value: CRONTAB },
      { label: "dev.ultrathink.config.pgbackrest", value: "/etc/pgbackrest/pgbackrest.conf" },
    ],
    uploads: [
      { file: PLAN, content: JSON.stringify({ version: 1, vault: { ...own, ...vault }, jobs }) },
      { file: CRONTAB, content: `${lines(jobs).join("\n")}\n` },
    ],
  });
}
const changed = (name: string, change: Partial<Planned>) => sidecar(jobs => jobs.map(job => (job.name === name ? { ...job, ...change } : job)));

/** Every service that a job takes the data of, but one. */
const sources = (without?: string) =>
  [...new Set(book.flatMap(({ of }) => of))]
    .filter(name => name !== without)
    .map(name => resource(CONTAINER, container({ name: `ultrathink-${name}` })));
const violations = (backup: Container, without?: string) => judgeStack(rule, [...sources(without), resource(CONTAINER, backup)]).violations;
const message = (found: string, mend: string) => `container "ultrathink-backup": ${found}. ${mend}.`;
const mend = (job: string) => `Set the book's value for the job ${job}`;

describe(rule.name, () => {
  it("accepts the book's table", () => {
    expect(violations(sidecar())).toEqual([]);
  });

  it.each<[string, Container, string[]]>([
    [
      "another kind",
      changed("models", { kind: "object-store" }),
      [message("kind of the job models is object-store, the book says models", mend("models"))],
    ],
    [
      "another schedule, in plan and crontab",
      changed("kafka", { schedule: "15 2 * * 0" }),
      [
        message("schedule of the job kafka is 15 2 * * 0, the book says 15 2 * * *", mend("kafka")),
        message('its crontab runs "backup run kafka" at 15 2 * * 0, the book says at 15 2 * * *', 'Write the line "15 2 * * * backup run kafka"'),
      ],
    ],
    [
      "a bucket that anything can be deleted from",
      changed("timescaledb-dump", { bucket: "unlocked" }),
      [message("bucket of the job timescaledb-dump is unlocked, the book says locked", mend("timescaledb-dump"))],
    ],
    [
      "an older backup that is allowed",
      changed("redis-queue", { maxAgeSeconds: 901 }),
      [message("the newest backup of redis-queue may be 901s old, at most 15m is allowed", mend("redis-queue"))],
    ],
    [
      "any age that is allowed",
      changed("timescaledb", { maxAgeSeconds: undefined }),
      [message("the newest backup of timescaledb may be not set old, at most 26h is allowed", mend("timescaledb"))],
    ],
    [
      "a shorter time of keeping",
      changed("mlflow-artifacts", { keep: { all: 29 * 86_400 } }),
      [message("backups of mlflow-artifacts are kept 29d (all), at least 30d is required", mend("mlflow-artifacts"))],
    ],
    [
      "one of three times of keeping that is missing",
      changed("timescaledb-dump", { keep: { daily: 30 * 86_400, weekly: 84 * 86_400 } }),
      [message("backups of timescaledb-dump are kept not set (monthly), at least 365d is required", mend("timescaledb-dump"))],
    ],
    [
      "the first job missing",
      sidecar(jobs => jobs.slice(1)),
      [message("its plan has no job timescaledb, the book has", "Declare the job timescaledb")],
    ],
    ["the last job missing", sidecar(jobs => jobs.slice(0, -1)), [message("its plan has no job models, the book has", "Declare the job models")]],
    [
      "a job that the book does not have",
      sidecar(jobs => [...jobs, { ...jobs[0]!, name: "feast" }]),
      [message("its plan has the job feast, which the book does not have", "Add it to the book")],
    ],
    [
      "a crontab without the restore test",
      sidecar(undefined, { lines: jobs => crontab(jobs).filter(line => !line.includes("restore-test")) }),
      [
        message(
          `its crontab runs "backup restore-test" never, the book says at ${restoreTest}`,
          `Write the line "${restoreTest} backup restore-test"`,
        ),
      ],
    ],
    [
      "a crontab without a job of the plan",
      sidecar(undefined, { lines: jobs => crontab(jobs).filter(line => !line.endsWith("run models")) }),
      [message('its crontab runs "backup run models" never, the book says at 30 3 * * *', 'Write the line "30 3 * * * backup run models"')],
    ],
    [
      "a vault without TLS",
      sidecar(undefined, { endpoint: "http://vault:9000" }),
      [message("its vault is at http://vault:9000, an address over TLS is required", "Use an https:// address")],
    ],
    [
      "another bucket",
      sidecar(undefined, { bucket: "elsewhere" }),
      [message("its locked bucket is elsewhere, ultrathink-backups is required", "Set it to ultrathink-backups")],
    ],
    [
      "no bucket for what is kept for a day",
      sidecar(undefined, { unlockedBucket: undefined }),
      [message("its unlocked bucket is not set, ultrathink-backups-recent is required", "Set it to ultrathink-backups-recent")],
    ],
    [
      "no plan",
      container({ name: "ultrathink-backup" }),
      [message("it has no readable config file of kind backup-plan", "Give it the plan as plain JSON")],
    ],
  ])("reports %s", (_title, backup, expected) => {
    expect(violations(backup)).toEqual(expected);
  });

  it.each<[string, Container]>([
    ["a longer time of keeping", changed("kafka", { keep: { all: 90 * 86_400 } })],
    ["a stricter age", changed("timescaledb", { maxAgeSeconds: 3600 })],
  ])("accepts %s", (_title, backup) => {
    expect(violations(backup)).toEqual([]);
  });

  it.each([
    ["prod", "", "-staging"],
    ["staging", "-staging", ""],
  ])("in AWS asks %s for its own buckets, with names that end in '%s'", (stack, own, other) => {
    const judged = (ending: string) => {
      const [bucket, unlockedBucket] = [`ultrathink-backups${ending}`, `ultrathink-backups-recent${ending}`];
      const backup = sidecar(undefined, { endpoint: "https://s3.us-east-1.amazonaws.com", bucket, unlockedBucket });
      const all = [...sources(), resource(CONTAINER, backup)].map(each => ({ ...each, urn: each.urn.replace(":dev:", `:${stack}:`) }));
      return judgeStack(rule, all).violations;
    };
    expect(judged(own)).toEqual([]);
    expect(judged(other)).toEqual([
      message(`its locked bucket is ultrathink-backups${other}, ultrathink-backups${own} is required`, `Set it to ultrathink-backups${own}`),
      message(
        `its unlocked bucket is ultrathink-backups-recent${other}, ultrathink-backups-recent${own} is required`,
        `Set it to ultrathink-backups-recent${own}`,
      ),
    ]);
  });

  it("asks for no job of a service that the stack does without", () => {
    expect(
      violations(
        sidecar(jobs => jobs.filter(({ name }) => name !== "kafka")),
        "kafka-2",
      ),
    ).toEqual([]);
  });

  it("does not judge a plan that is not known yet", () => {
    const backup = sidecar();
    backup.uploads![0]!.content = UNKNOWN;
    expect(judgeStack(rule, [...sources(), resource(CONTAINER, backup)])).toEqual({ violations: [], unknown: true });
  });

  it("does not apply to a stack that makes no backups", () => {
    expect(judgeStack(rule, sources())).toEqual({ violations: [], notApplicable: "nothing in this stack makes backups" });
  });
});
