import { DAEMON_SET, DEPLOYMENT, STATEFUL_SET } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-workload-configure-rollout";
import { deployment, describeObjectRule, judge, pod } from "../support";

const rolled = (change: object) => ({ ...deployment(), spec: { ...deployment().spec, ...change } });

it("wants the other way round where each has a GPU", () => {
  const { requests, limits } = pod().resources!;
  const gpu = deployment({}, { resources: { requests, limits: { ...limits, "nvidia.com/gpu": "1" } } });
  expect(judge(rule, gpu, { type: DEPLOYMENT }).violations).toEqual([expect.stringContaining("0 and 1 are required")]);
});

it.each([STATEFUL_SET, DAEMON_SET])("wants %s to take one at a time", type => {
  const set = (updateStrategy: object) => judge(rule, rolled({ updateStrategy }), { type }).violations;
  expect(set({ type: "RollingUpdate" })).toEqual([]);
  expect(set({ type: "OnDelete" })).toEqual([expect.stringContaining("its update strategy is OnDelete")]);
  expect(set({ type: "RollingUpdate", rollingUpdate: { maxUnavailable: 3 } })).toEqual([expect.stringContaining("takes 3 pods at a time")]);
});

describeObjectRule(rule, {
  type: DEPLOYMENT,
  accepts: {
    "one more before one less": deployment(),
  },
  reports: {
    "all at once": [rolled({ strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } }), "its strategy is Recreate"],
    "none more": [
      rolled({ strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } }),
      "maxSurge 0 and maxUnavailable 1, 1 and 0 are required",
    ],
    "a stand-still that nobody sees": [rolled({ progressDeadlineSeconds: 3600 }), "progressDeadlineSeconds is 3600"],
  },
});
