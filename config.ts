import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { systems } from "./systems";

const flag = z.union([z.boolean(), z.stringbool()]).default(false);
const image = z.string().regex(/^[^@\s]+(:[\w.-]+|(:[\w.-]+)?@sha256:[0-9a-f]{64})$/, "an image with an exact tag or digest");
const byService = <T extends z.ZodType>(value: T) => z.record(z.string(), value).default({});

/** Pulumi.yaml has to give every key a default; an empty text stands for none. */
const unlessEmpty = z
  .string()
  .default("")
  .transform(value => value || undefined);

/** Where in AWS something lies. */
export const awsPlace = {
  account: z.string().regex(/^\d{12}$/, "the account's number, 12 digits, as a text"),
  region: z.string().regex(/^[a-z]{2}-[a-z]+-\d$/, "a region of AWS, such as us-east-1"),
};

/** An object that Pulumi.yaml gives {} as default, which stands for none. */
export const unlessEmptyObject = <T extends z.ZodType>(object: T) =>
  z.preprocess(value => (JSON.stringify(value) === "{}" ? undefined : value), object.optional()).prefault({} as never);

/** Keys of stack config, as Pulumi.yaml describes them. Unknown keys are refused: a misspelt one would silently do nothing. */
const schema = z
  .strictObject({
    system: z.enum(Object.keys(systems) as [string, ...string[]]).default("ultrathink"),
    backend: z.enum(["docker", "kubernetes"]),
    bindAddress: z.union([z.ipv4(), z.ipv6()]).default("127.0.0.1"),
    portOffset: z.coerce.number().int().min(0).max(50_000).default(0),
    clampCpus: flag,
    gpuDevices: byService(z.array(z.string().min(1)).min(1)),
    kubeContext: unlessEmpty,
    storageClass: unlessEmpty,
    domain: unlessEmpty,
    gateway: z
      .string()
      .regex(/^([a-z0-9-]+\/[a-z0-9-]+)?$/, "a Gateway as namespace/name")
      .default("")
      .transform(gateway => gateway || undefined),
    clusterDomain: z.string().min(1).default("cluster.local"),
    gpuSelector: z.record(z.string(), z.string()).default({ "nvidia.com/gpu.present": "true" }),
    leaveOut: byService(z.string().min(1)),
    images: byService(image),
    releases: byService(z.strictObject({ candidate: image, live: z.string().min(1).optional() })),
    trainingProfile: z.string().default("default"),
    disposable: flag,
    aws: unlessEmptyObject(z.strictObject(awsPlace)),
    stateUrl: z
      .string()
      .regex(/^(s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\?region=[a-z0-9-]+)?$/, "a bucket with its region, such as s3://my-state?region=us-east-1")
      .default("")
      .transform(url => url || undefined),
    vault: z
      .string()
      .regex(/^(none|[\w-]+\/[\w-]+\/[\w-]+)$/, "none, or the full name of a stack, such as organization/ultrathink-vault/dev")
      .default("none")
      .transform(stack => (stack === "none" ? undefined : stack)),
    notifications: z
      .record(z.string(), z.strictObject({ webhookUrl: z.url().optional(), pagerdutyRoutingKey: z.string().min(1).optional() }))
      .default({}),
    docsUrl: z.url().default("https://github.com/ultrathink/infrastructure/blob/main"),
  })
  .refine(({ domain, gateway }) => (domain === undefined) === (gateway === undefined), {
    path: ["domain"],
    error: "domain and gateway go together: name the Gateway that answers for the domain, or leave both out",
  });

export type StackConfig = Readonly<z.infer<typeof schema>>;

/** The engine hands every value over as a string; objects arrive as JSON. */
function fromEngine(value: string): unknown {
  if (!value.startsWith("{")) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/**
 * Config of a project as one checked object.
 *
 * @param file name of the stack's file, for the fault's way out
 * @throws pulumi.RunError that lists every fault with its key, value, what is allowed and how to set it
 */
export function checkConfig<T>(
  schema: z.ZodObject & z.ZodType<T>,
  values: Record<string, unknown>,
  stack: string,
  file = `Pulumi.${stack}.yaml`,
): Readonly<T> {
  const result = schema.safeParse(values);
  if (!result.success) {
    const faults = result.error.issues.flatMap(issue => {
      const keys = issue.code === "unrecognized_keys" ? issue.keys : [issue.path.map(String).join(".")];
      return keys.map(key => {
        const [top = key] = key.split(".");
        const value = top in values ? ` is ${JSON.stringify(values[top])}` : " is not set";
        const why = issue.code === "unrecognized_keys" ? `is not a key; keys are ${Object.keys(schema.shape).join(", ")}` : issue.message;
        return `  - ${key}${value}: ${why}. Mend it in ${file}, or: pulumi config set ${top} <value> --stack ${stack}`;
      });
    });
    throw new pulumi.RunError(`stack config of "${stack}" is not in order:\n${faults.join("\n")}`);
  }
  return Object.freeze(result.data);
}

/**
 * Stack config as one checked object.
 *
 * @param values by bare key, as a stack file or the engine gives them
 * @param stack name of the stack, for the command that mends a fault
 * @throws pulumi.RunError that lists every fault with its key, value, what is allowed and how to set it
 */
export function parseConfig(values: Record<string, unknown>, stack: string): StackConfig {
  return checkConfig(schema, values, stack);
}

/** What the engine hands over for the running project, by bare key. Nothing else calls `pulumi.Config`. */
export function engineConfig(): Record<string, unknown> {
  const prefix = `${pulumi.getProject()}:`;
  const values = Object.entries(pulumi.runtime.allConfig())
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), fromEngine(value)]);
  return Object.fromEntries(values);
}

/** Config of the running stack. */
export const loadConfig = (): StackConfig => parseConfig(engineConfig(), pulumi.getStack());
