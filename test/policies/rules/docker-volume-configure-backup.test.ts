import { CONTAINER, VOLUME } from "../../../policies/docker";
import { rule } from "../../../policies/rules/docker-volume-configure-backup";
import { UNKNOWN, judge } from "../support";

describe(rule.name, () => {
  it("reports a volume of which no book says anything", () => {
    expect(judge(rule, { name: "infrastructure_feast_data" }, { type: VOLUME })).toEqual({
      violations: [
        'volume "infrastructure_feast_data": no book says which backup takes it, or why it needs none. Add it to the volumes of the declaration and of the pack\'s book.',
      ],
    });
  });

  it.each([
    ["infrastructure_timescale_data", "a volume with a backup"],
    ["infrastructure_loki_data", "a volume with a reason for having none"],
    ["infrastructure_backup_scratch", "a scratch volume"],
  ])("accepts %s, %s", name => {
    expect(judge(rule, { name }, { type: VOLUME })).toEqual({ violations: [] });
  });

  it("does not judge a volume whose name is not known yet", () => {
    expect(judge(rule, { name: UNKNOWN }, { type: VOLUME })).toEqual({ violations: [], unknown: true });
  });

  it("does not apply to a resource of another type", () => {
    expect(judge(rule, { name: "x" }, { type: CONTAINER })).toEqual({ violations: [], notApplicable: `judges ${VOLUME} only` });
  });
});
