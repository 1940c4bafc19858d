import { bool, int, matches, replaces, required, string } from "../bridge/schema";
import type { ResourceType } from "../bridge/resource";
import type { Props } from "../bridge/values";
import { kms, orMissing } from "./clients";
import { policy, spelled, tags } from "./values";

async function observeKey(id: string, prior: Props) {
  const client = await kms();
  const found = (await orMissing(client.describeKey({ KeyId: id })))?.KeyMetadata;
  // Also a key that is to be deleted is gone, as the plugin sees it.
  if (!found || found.KeyState === "PendingDeletion") return undefined;
  const [document, rotation, tagged] = await Promise.all([
    client.getKeyPolicy({ KeyId: id, PolicyName: "default" }),
    client.getKeyRotationStatus({ KeyId: id }),
    client.listResourceTags({ KeyId: id }),
  ]);
  const state = {
    ...prior,
    arn: found.Arn,
    keyId: found.KeyId,
    description: found.Description,
    enableKeyRotation: rotation.KeyRotationEnabled ?? false,
    policy: spelled(prior.policy, document.Policy),
    tags: Object.fromEntries((tagged.Tags ?? []).map(({ TagKey, TagValue }) => [TagKey, TagValue])),
  };
  return { id, state };
}

const toTags = (pairs: Props = {}) => Object.entries(pairs).map(([TagKey, TagValue]) => ({ TagKey, TagValue: TagValue as string }));

/** `aws.kms.Key`. Deleting one only sets its last day. */
export const key: ResourceType = {
  schema: {
    description: string({ computed: true }),
    enableKeyRotation: bool({ default: false }),
    deletionWindowInDays: int({ rule: { test: value => value >= 7 && value <= 30, says: "7 to 30 days" } }),
    policy: policy({ computed: true }),
    tags,
  },
  unimplemented: [
    ...["bypassPolicyLockoutSafetyCheck", "customKeyStoreId", "customerMasterKeySpec", "isEnabled", "keyUsage", "multiRegion", "region"],
    ...["rotationPeriodInDays", "xksKeyId"],
  ],
  async create(inputs) {
    const client = await kms();
    const { KeyMetadata } = await client.createKey({ Description: inputs.description, Policy: inputs.policy, Tags: toTags(inputs.tags) });
    const id = KeyMetadata!.KeyId!;
    if (inputs.enableKeyRotation) await client.enableKeyRotation({ KeyId: id });
    return (await observeKey(id, inputs))!;
  },
  read: observeKey,
  async update(id, state, inputs) {
    const client = await kms();
    await client.updateKeyDescription({ KeyId: id, Description: inputs.description });
    await client.putKeyPolicy({ KeyId: id, PolicyName: "default", Policy: inputs.policy });
    await (inputs.enableKeyRotation ? client.enableKeyRotation({ KeyId: id }) : client.disableKeyRotation({ KeyId: id }));
    await client.tagResource({ KeyId: id, Tags: toTags(inputs.tags) });
    return (await observeKey(id, { ...state, ...inputs }))!.state;
  },
  async remove(id, { deletionWindowInDays }) {
    await orMissing((await kms()).scheduleKeyDeletion({ KeyId: id, PendingWindowInDays: deletionWindowInDays }));
  },
};

async function observeAlias(id: string, prior: Props) {
  const { Aliases } = await (await kms()).listAliases();
  const found = Aliases?.find(({ AliasName }) => AliasName === id);
  return found && { id, state: { ...prior, name: id, arn: found.AliasArn, targetKeyId: found.TargetKeyId } };
}

/** `aws.kms.Alias`. */
export const alias: ResourceType = {
  schema: {
    name: string({ required: true, ...replaces, ...matches(/^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/, "alias/<name>") }),
    targetKeyId: string(required),
  },
  unimplemented: ["namePrefix", "region"],
  async create(inputs) {
    await (await kms()).createAlias({ AliasName: inputs.name, TargetKeyId: inputs.targetKeyId });
    return (await observeAlias(inputs.name, inputs))!;
  },
  read: observeAlias,
  async update(id, state, inputs) {
    await (await kms()).updateAlias({ AliasName: id, TargetKeyId: inputs.targetKeyId });
    return (await observeAlias(id, { ...state, ...inputs }))!.state;
  },
  async remove(id) {
    await orMissing((await kms()).deleteAlias({ AliasName: id }));
  },
};
