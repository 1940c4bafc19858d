import type { S3 } from "@aws-sdk/client-s3";
import { replaces, string, type Schema } from "../../bridge/schema";
import type { ResourceType } from "../../bridge/resource";
import type { Props } from "../../bridge/values";
import { orMissing, s3 } from "../clients";

interface Part {
  schema: Schema;
  unimplemented?: string[];
  put(client: S3, bucket: string, inputs: Props): Promise<unknown>;
  /** What the bucket has of it; throws, or undefined, where it has none. */
  get(client: S3, bucket: string, prior: Props): Promise<Props | undefined>;
  clear(client: S3, bucket: string, state: Props): Promise<unknown>;
}

/** One side of a bucket, which the plugin has as a resource of its own under the bucket's name. */
export function part({ schema, unimplemented = [], put, get, clear }: Part): ResourceType {
  const observe = async (id: string, prior: Props) => {
    const found = await orMissing(get(await s3(), id, prior));
    return found && { id, state: { ...prior, bucket: id, ...found } };
  };
  const make = async (inputs: Props) => {
    await put(await s3(), inputs.bucket, inputs);
    const made = await observe(inputs.bucket, inputs);
    if (!made) throw new Error(`${inputs.bucket}: the server has taken it and does not show it`);
    return made;
  };
  return {
    schema: { bucket: string({ required: true, ...replaces }), ...schema },
    unimplemented: ["expectedBucketOwner", "region", ...unimplemented],
    create: make,
    read: observe,
    update: async (_id, state, inputs) => (await make({ ...state, ...inputs })).state,
    async remove(id, state) {
      await orMissing(clear(await s3(), id, state));
    },
  };
}
