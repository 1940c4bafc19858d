import { DEPLOYMENT, SERVICE_ACCOUNT } from "../../../policies/kubernetes";
import { rule } from "../../../policies/rules/kubernetes-pod-disallow-token";
import { deployment, describeObjectRule, judge } from "../support";

function tokened(app: string, expirationSeconds: number): object {
  const workload = deployment({ volumes: [{ name: "token", projected: { sources: [{ serviceAccountToken: { expirationSeconds } }] } }] });
  workload.spec!.template!.metadata!.labels!["app"] = app;
  return workload;
}

it("judges accounts too", () => {
  const account = (automountServiceAccountToken: boolean) =>
    judge(rule, { metadata: { name: "data-service" }, automountServiceAccountToken }, { type: SERVICE_ACCOUNT }).violations;
  expect(account(false)).toEqual([]);
  expect(account(true)).toEqual([expect.stringContaining('ServiceAccount "data-service": automountServiceAccountToken is not false')]);
});

describeObjectRule(rule, {
  type: DEPLOYMENT,
  accepts: {
    "a pod without a token": deployment(),
    "a token of a part that asks the API": tokened("prometheus", 3600),
  },
  reports: {
    "a token that comes by itself": [deployment({ automountServiceAccountToken: undefined }), "automountServiceAccountToken is not false"],
    "the namespace's own account": [deployment({ serviceAccountName: "default" }), "its account is default"],
    "a token that no book knows": [tokened("data-service", 3600), "no book says that it asks the API"],
    "a token for a day": [tokened("prometheus", 86_400), "its token lives 86400 s"],
  },
});
