import { createRequire } from "node:module";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { AnalyzeStackRequest, AnalyzerResource, AnalyzerResourceOptions } from "@pulumi/pulumi/proto/analyzer_pb";
import type { StackValidationPolicy } from "@pulumi/policy";
import { readOnce } from "../../policies/read-once";

// The SDK's own server, as the engine calls it.
const { makeAnalyzeStackRpcFun } = createRequire(__filename)("@pulumi/policy/server") as {
  makeAnalyzeStackRpcFun(
    pack: string,
    version: string,
    level: string,
    rules: StackValidationPolicy[],
  ): (call: { request: AnalyzeStackRequest }, done: (error?: Error) => void) => void;
};

/** A stack of one resource, each reading of which is counted. */
function stack(): { request: AnalyzeStackRequest; readings: () => number } {
  const properties = Struct.fromJavaScript({ name: "kafka-1", labels: [{ label: "a", value: "b" }] });
  const reading = jest.spyOn(properties, "toJavaScript");
  const resource = new AnalyzerResource();
  resource.setType("docker:index/container:Container");
  resource.setOptions(new AnalyzerResourceOptions());
  resource.setProperties(properties);
  const request = new AnalyzeStackRequest();
  request.setResourcesList([resource]);
  return { request, readings: () => reading.mock.calls.length };
}

const judge = async (request: AnalyzeStackRequest) => {
  const seen: unknown[] = [];
  const rule = (name: string): StackValidationPolicy => ({
    name,
    description: name,
    enforcementLevel: "mandatory",
    validateStack: ({ resources }) => void seen.push(resources[0]!.props["labels"][0].value),
  });
  const analyze = makeAnalyzeStackRpcFun("pack", "1.0.0", "mandatory", [rule("one"), rule("two"), rule("three")]);
  await new Promise<void>((resolve, reject) => analyze({ request }, error => (error ? reject(error) : resolve())));
  return seen;
};

test("the SDK reads a resource once for all rules, instead of once for each", async () => {
  const before = stack();
  await judge(before.request);
  expect(before.readings()).toBe(3);

  readOnce();
  const after = stack();
  expect(await judge(after.request)).toEqual(["b", "b", "b"]);
  expect(after.readings()).toBe(1);
});
