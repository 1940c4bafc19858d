import { CONTAINER, VOLUME } from "../../../policies/docker";
import { rule } from "../../../policies/rules/docker-volume-enable-protection";
import { UNKNOWN, judge } from "../support";

const message = (name: string) => [
  `volume "${name}": it is not protected, and a destroy would delete its data. Set protect and retainOnDelete in its resource options.`,
];

describe(rule.name, () => {
  it("reports a volume that is not protected", () => {
    expect(judge(rule, { name: "infrastructure_loki_data" }, { type: VOLUME, protect: false })).toEqual({
      violations: message("infrastructure_loki_data"),
    });
  });

  it("names a volume by its resource while Docker's name is not known yet", () => {
    expect(judge(rule, { name: UNKNOWN }, { type: VOLUME, name: "loki_data" })).toEqual({ violations: message("loki_data") });
  });

  it("accepts a protected volume", () => {
    expect(judge(rule, { name: "infrastructure_loki_data" }, { type: VOLUME, protect: true })).toEqual({ violations: [] });
  });

  it("accepts an unprotected volume that the book lists as scratch, and no other of that kind", () => {
    expect(judge(rule, { name: "infrastructure_backup_scratch" }, { type: VOLUME })).toEqual({ violations: [] });
    expect(judge(rule, { name: "infrastructure_other_scratch" }, { type: VOLUME })).toEqual({ violations: message("infrastructure_other_scratch") });
  });

  it("does not apply to a resource of another type", () => {
    expect(judge(rule, {}, { type: CONTAINER })).toEqual({ violations: [], notApplicable: `judges ${VOLUME} only` });
  });
});
