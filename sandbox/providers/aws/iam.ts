import { matches, replaces, required, string } from "../bridge/schema";
import type { ResourceType } from "../bridge/resource";
import type { Props } from "../bridge/values";
import { iam, orMissing } from "./clients";
import { fromTags, policy, spelled, tags, toTags } from "./values";

const name = { required: true, ...replaces, ...matches(/^[\w+=,.@-]{1,64}$/, "1 to 64 letters, digits and +=,.@-_") };

async function observeRole(id: string, prior: Props) {
  const found = (await orMissing((await iam()).getRole({ RoleName: id })))?.Role;
  if (!found) return undefined;
  const state = {
    ...prior,
    name: found.RoleName,
    arn: found.Arn,
    uniqueId: found.RoleId,
    description: found.Description,
    assumeRolePolicy: spelled(prior.assumeRolePolicy, decodeURIComponent(found.AssumeRolePolicyDocument ?? "")),
    tags: fromTags(found.Tags),
  };
  return { id, state };
}

/** `aws.iam.Role`. */
export const role: ResourceType = {
  schema: { name: string(name), description: string(), assumeRolePolicy: policy(required), tags },
  unimplemented: ["forceDetachPolicies", "inlinePolicies", "managedPolicyArns", "maxSessionDuration", "namePrefix", "path", "permissionsBoundary"],
  async create(inputs) {
    await (
      await iam()
    ).createRole({
      RoleName: inputs.name,
      Description: inputs.description,
      AssumeRolePolicyDocument: inputs.assumeRolePolicy,
      Tags: toTags(inputs.tags),
    });
    return (await observeRole(inputs.name, inputs))!;
  },
  read: observeRole,
  async update(id, state, inputs) {
    const client = await iam();
    await client.updateAssumeRolePolicy({ RoleName: id, PolicyDocument: inputs.assumeRolePolicy });
    await client.updateRole({ RoleName: id, Description: inputs.description });
    await client.tagRole({ RoleName: id, Tags: toTags(inputs.tags) });
    return (await observeRole(id, { ...state, ...inputs }))!.state;
  },
  async remove(id) {
    await orMissing((await iam()).deleteRole({ RoleName: id }));
  },
};

async function observeRolePolicy(id: string, prior: Props) {
  const [RoleName, PolicyName] = id.split(":") as [string, string];
  const found = await orMissing((await iam()).getRolePolicy({ RoleName, PolicyName }));
  if (!found) return undefined;
  const document = spelled(prior.policy, decodeURIComponent(found.PolicyDocument ?? ""));
  return { id, state: { ...prior, role: RoleName, name: PolicyName, policy: document } };
}

async function put(inputs: Props) {
  await (await iam()).putRolePolicy({ RoleName: inputs.role, PolicyName: inputs.name, PolicyDocument: inputs.policy });
  return (await observeRolePolicy(`${inputs.role}:${inputs.name}`, inputs))!;
}

/** `aws.iam.RolePolicy`. */
export const rolePolicy: ResourceType = {
  schema: { name: string(name), role: string({ ...required, ...replaces }), policy: policy(required) },
  unimplemented: ["namePrefix"],
  create: put,
  read: observeRolePolicy,
  update: async (_id, state, inputs) => (await put({ ...state, ...inputs })).state,
  async remove(_id, state) {
    await orMissing((await iam()).deleteRolePolicy({ RoleName: state.role, PolicyName: state.name }));
  },
};
