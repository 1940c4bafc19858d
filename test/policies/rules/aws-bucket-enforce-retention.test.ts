import { rule } from "../../../policies/rules/aws-bucket-enforce-retention";
import { bucket, lifecycleWith } from "../buckets";
import { container, judgeStack, resource } from "../support";
import { CONTAINER } from "../../../policies/docker";

const changed = (rules: object) => bucket({ BucketLifecycleConfiguration: rules });
const expiring = (prefix: string, days: number) => lifecycleWith({ id: "x", filter: { prefix }, expiration: { days } });

describe(rule.name, () => {
  it("accepts the book's retention", () => {
    expect(judgeStack(rule, bucket())).toEqual({ violations: [] });
    expect(judgeStack(rule, changed(expiring("timescaledb-dump/monthly/", 365)))).toEqual({ violations: [] });
  });

  it.each<[string, object, string]>([
    ["a day less", expiring("timescaledb-dump/daily/", 29), 'rule x keeps "timescaledb-dump/daily/" 29 days, the book says 30'],
    ["a day more", expiring("timescaledb-dump/daily/", 31), "31 days, the book says 30"],
    ["an end of pgBackRest's files by age", expiring("pgbackrest/", 365), "where nothing may go by age"],
    ["an end of everything by age", expiring("", 365), "where nothing may go by age"],
    ["an archive", lifecycleWith({ id: "x", filter: { prefix: "" }, transitions: [{ days: 1 }] }), "rule x moves backups to an archive"],
    [
      "a sooner end of hidden versions",
      lifecycleWith({ id: "x", filter: { prefix: "a/" }, noncurrentVersionExpiration: { noncurrentDays: 1 } }),
      "rule x deletes hidden versions sooner",
    ],
  ])("reports %s", (_title, rules, message) => {
    expect(judgeStack(rule, changed(rules)).violations).toEqual([expect.stringContaining(message)]);
  });

  it("reports a bucket that clears nothing", () => {
    expect(judgeStack(rule, bucket({ BucketLifecycleConfiguration: undefined })).violations).toEqual([
      expect.stringContaining("hidden versions are not deleted after 30 days"),
      expect.stringContaining("parts of cut-off uploads stay longer than 7 days"),
    ]);
  });

  it("judges another stack's bucket, which ends in that stack's name", () => {
    const short = expiring("timescaledb-dump/daily/", 29);
    const staging = bucket({ BucketLifecycleConfiguration: short }, { name: "ultrathink-backups-staging", stack: "staging" });
    expect(judgeStack(rule, staging).violations).toEqual([expect.stringContaining("29 days, the book says 30")]);
  });

  it("does not apply to a stack without buckets", () => {
    expect(judgeStack(rule, [resource(CONTAINER, container())])).toEqual({ violations: [], notApplicable: expect.any(String) });
  });
});
