import { customSchemasOf, schemasOf } from "../../sandbox/images/kubernetes-schemas/convert";

const definition = (kind: string, group: string, rest: object) => ({
  type: "object",
  description: "is left out",
  ...rest,
  "x-kubernetes-group-version-kind": [{ group, version: "v1", kind }],
});

test("a kind's schema takes its own apiVersion and kind, known keys, and refers to the others", () => {
  const files = schemasOf({
    definitions: {
      Thing: definition("Thing", "things.k8s.io", {
        properties: { spec: { $ref: "#/definitions/Spec" }, kind: { type: "string" } },
        required: ["spec"],
      }),
      Spec: { type: "object", properties: { size: { $ref: "#/definitions/io.k8s.apimachinery.pkg.api.resource.Quantity" } } },
      "io.k8s.apimachinery.pkg.api.resource.Quantity": { type: "string" },
      DeleteOptions: {
        type: "object",
        "x-kubernetes-group-version-kind": ["a", "b"].map(group => ({ group, version: "v1", kind: "DeleteOptions" })),
      },
    },
  });
  expect(Object.keys(files).sort()).toEqual(["_definitions.json", "thing-things-v1.json"]);
  expect(files["thing-things-v1.json"]).toEqual({
    type: "object",
    properties: {
      spec: { $ref: "_definitions.json#/definitions/Spec" },
      kind: { type: "string", enum: ["Thing"] },
      apiVersion: { type: "string", enum: ["things.k8s.io/v1"] },
    },
    additionalProperties: false,
    required: ["spec", "apiVersion", "kind", "metadata"],
  });
  expect(files["_definitions.json"]).toMatchObject({
    definitions: {
      Spec: { additionalProperties: false },
      "io.k8s.apimachinery.pkg.api.resource.Quantity": { oneOf: [{ type: "string" }, { type: "number" }] },
    },
  });
});

test("a kind of the core group has no group in its name", () => {
  expect(Object.keys(schemasOf({ definitions: { Pod: definition("Pod", "", { properties: {} }) } }))).toContain("pod-v1.json");
});

test("a kind that is no part of Kubernetes has a schema for each version that is served", () => {
  const version = (name: string, served: boolean) => ({
    name,
    served,
    schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties: { host: { type: "string" } } } } } },
  });
  const files = customSchemasOf({
    spec: { group: "routes.example.io", names: { kind: "Route" }, versions: [version("v1", true), version("v1alpha1", false)] },
  });
  expect(Object.keys(files)).toEqual(["route-routes-v1.json"]);
  expect(files["route-routes-v1.json"]).toMatchObject({
    additionalProperties: false,
    properties: { kind: { enum: ["Route"] }, spec: { additionalProperties: false } },
    required: ["apiVersion", "kind", "metadata", "spec"],
  });
});
