import { bringStateStore, type StateStore } from "../bootstrap";
import { declaredPlan } from "../context";
import { CommandFailure } from "../exit";
import { readStack, stateOf } from "../workspace";
import { defineCommand, noOptions } from "./command";

export const bootstrap = defineCommand({
  summary: "Make where a stack's state lies in AWS: its bucket, and the key of its secrets",
  examples: [["bin/ops bootstrap --stack prod", "once, before the first `bin/ops vault`; again, it brings both to what they should be"]],
  validate: noOptions,
  async run(context) {
    const { stack, root, logger } = context;
    await declaredPlan(context);
    await bringStateStore(storeOf(stack, root), logger.note);
    const { url, secretsProvider } = stateOf(stack, root);
    logger.result(
      `The state of ${stack} and of its vault lies in ${url}, with secrets by ${secretsProvider}. bin/ops knows by Pulumi.${stack}.yaml; the plain command:\n` +
        `  pulumi login '${url}'\n  pulumi stack init ${stack} --secrets-provider '${secretsProvider}'`,
    );
  },
});

/** Bucket, key and account as the stack's file names them. */
function storeOf(stack: string, root: string): StateStore {
  const { settings } = readStack(stack, {}, root);
  const { url, secretsProvider } = stateOf(stack, root);
  const file = `Pulumi.${stack}.yaml`;
  const bucket = /^s3:\/\/([^?]+)\?region=(.+)$/.exec(url);
  if (!bucket) {
    throw new CommandFailure(
      "usage",
      `stateUrl is not set in ${file}: the state of ${stack} lies in .state/ of this checkout, and needs nothing. For AWS name a bucket with its region, such as s3://my-state?region=us-east-1.`,
    );
  }
  const key = /^awskms:\/\/(alias\/[\w/-]+)\?region=([a-z0-9-]+)$/.exec(secretsProvider ?? "");
  if (!key) {
    throw new CommandFailure(
      "usage",
      `secretsprovider is ${secretsProvider ? `"${secretsProvider}"` : "not set"} in ${file}: name the alias of a key with its region, such as awskms://alias/my-state?region=us-east-1, at the top of the file.`,
    );
  }
  const { account } = (settings.aws ?? {}) as { account?: string };
  if (!account)
    throw new CommandFailure(
      "usage",
      `aws is not set in ${file}: name the account that the bucket belongs to, such as {"account":"123456789012","region":"us-east-1"}.`,
    );
  return { account, bucket: { name: bucket[1]!, region: bucket[2]! }, key: { alias: key[1]!, region: key[2]! } };
}
