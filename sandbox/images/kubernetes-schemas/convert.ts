/** The part of OpenAPI 2 that the API's own description uses. */
interface Definition {
  type?: string | string[];
  format?: string;
  description?: string;
  properties?: Record<string, Definition>;
  additionalProperties?: Definition | boolean;
  items?: Definition;
  required?: string[];
  enum?: unknown[];
  oneOf?: Definition[];
  $ref?: string;
  "x-kubernetes-group-version-kind"?: { group: string; version: string; kind: string }[];
}

export interface Swagger {
  definitions: Record<string, Definition>;
}

/** The part of a CustomResourceDefinition that describes its objects. */
export interface CustomResourceDefinition {
  spec: { group: string; names: { kind: string }; versions: { name: string; served: boolean; schema: { openAPIV3Schema: Definition } }[] };
}

const SHARED = "_definitions.json";

/** What OpenAPI 2 cannot say and the server takes: a number where a text stands, and whatever JSON there is. */
const special: Record<string, Definition> = {
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": { oneOf: [{ type: "string" }, { type: "integer" }] },
  "io.k8s.apimachinery.pkg.api.resource.Quantity": { oneOf: [{ type: "string" }, { type: "number" }] },
};

/** Strict: a key that the API does not know is a fault, since the server would drop it without a word. Null stands for an absent value. */
function strict(definition: Definition): Definition {
  const { description: _, format: __, "x-kubernetes-group-version-kind": ___, ...kept } = definition;
  const result: Definition = { ...kept };
  if (kept.$ref) return { $ref: kept.$ref.replace("#/definitions/", `${SHARED}#/definitions/`) };
  if (kept.properties) {
    result.properties = Object.fromEntries(Object.entries(kept.properties).map(([key, value]) => [key, strict(value)]));
    result.additionalProperties ??= false;
  }
  if (typeof kept.additionalProperties === "object") result.additionalProperties = strict(kept.additionalProperties);
  if (kept.items) result.items = strict(kept.items);
  return result;
}

/** Name of a kind's schema, as kubeconform asks for it. */
const fileOf = (kind: string, group: string, version: string) =>
  `${[kind.toLowerCase(), ...(group ? [group.split(".")[0]] : []), version].join("-")}.json`;

/**
 * JSON schemas from the API server's own description.
 *
 * @returns content by file name: one that holds every definition, and one for each kind, with the only `apiVersion` and `kind` that it takes
 */
export function schemasOf(swagger: Swagger): Record<string, unknown> {
  const definitions = Object.fromEntries(
    Object.entries(swagger.definitions).map(([name, definition]) => [name, special[name] ?? strict(definition)]),
  );
  const files: Record<string, unknown> = { [SHARED]: { definitions } };
  for (const [name, { "x-kubernetes-group-version-kind": kinds }] of Object.entries(swagger.definitions)) {
    // DeleteOptions and its like belong to every group, and are no objects.
    if (kinds?.length !== 1) continue;
    const { group, version, kind } = kinds[0]!;
    const definition = definitions[name]!;
    files[fileOf(kind, group, version)] = {
      ...definition,
      properties: {
        ...definition.properties,
        apiVersion: { type: "string", enum: [group ? `${group}/${version}` : version] },
        kind: { type: "string", enum: [kind] },
      },
      required: [...new Set([...(definition.required ?? []), "apiVersion", "kind", "metadata"])],
    };
  }
  return files;
}

/** Schemas of a kind that is no part of Kubernetes itself, one for each served version. */
export function customSchemasOf({ spec: { group, names, versions } }: CustomResourceDefinition): Record<string, unknown> {
  return Object.fromEntries(
    versions
      .filter(({ served }) => served)
      .map(({ name, schema }) => {
        const definition = strict(schema.openAPIV3Schema);
        const metadata = { $ref: `${SHARED}#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta` };
        const properties = {
          ...definition.properties,
          metadata,
          apiVersion: { type: "string", enum: [`${group}/${name}`] },
          kind: { type: "string", enum: [names.kind] },
        };
        return [fileOf(names.kind, group, name), { ...definition, properties, required: ["apiVersion", "kind", "metadata", "spec"] }];
      }),
  );
}
