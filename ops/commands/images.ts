import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { stopIfCancelled } from "../context";
import { requireDocker } from "../docker";
import { CommandFailure } from "../exit";
import { digestOf, registryOf, tagged } from "../image-reference";
import { isBuiltHere } from "../own-images";
import { table } from "../report";
import { defineCommand } from "./command";

interface ImagesOptions {
  check: boolean;
}

const LOCK = "images.lock.json";

type Lock = Record<string, string>;

export const images = defineCommand<ImagesOptions>({
  summary: `Write into ${LOCK} the digest that each image's tag has in its registry`,
  examples: [
    ["bin/ops images", "once, for the digests of new tags, and whenever those that tags have moved to are wanted"],
    ["bin/ops images --check", "changes nothing; exit code 3 when a tag has moved, or an image has no digest"],
  ],
  declare: command => void command.option("--check", "only compare"),
  validate: (_, raw) => ({ check: raw.check === true }),
  async run(context, { check }) {
    const { logger, docker, root } = context;
    const file = join(root, LOCK);
    const lock = JSON.parse(readFileSync(file, "utf8")) as Lock;
    const built = Object.keys(lock).filter(key => isBuiltHere(key, lock[key]!));
    const published = Object.fromEntries(Object.entries(lock).filter(([key]) => !built.includes(key)));
    requireTags(published);
    await requireDocker(docker);
    const found = await resolve(docker, published);
    stopIfCancelled(context);
    const changed = Object.keys(found).filter(key => found[key] !== lock[key]);
    if (changed.length > 0)
      logger.result(
        table(
          HEAD,
          changed.map(key => row(key, lock[key]!, found[key]!)),
        ),
      );
    if (built.length > 0) logger.result(`Built from this repository, so without a digest: ${built.join(", ")}`);
    if (changed.length === 0) return logger.result(`${LOCK} has the digest of every tag.`);
    if (check) {
      throw new CommandFailure(
        "deviated",
        `${LOCK} has not the digest of ${changed.length} tags; \`bin/ops images\` writes them, for a review of what moved.`,
      );
    }
    writeFileSync(file, `${JSON.stringify({ ...lock, ...found }, null, 2)}\n`);
    logger.result(`${changed.length} digests written into ${LOCK}; \`bin/ops up\` brings them into a stack.`);
  },
});

const HEAD = ["IMAGE", "TAG", "BEFORE", "NOW"];

const row = (key: string, before: string, now: string) => [key, tagged(now), short(before) || "none", short(now)];

/** A digest as a person tells it from another. */
const short = (reference: string) => digestOf(reference).slice(0, "sha256:".length + 12);

/** A registry has a digest for a tag; for a name alone it would take another tag than anybody wrote. */
function requireTags(lock: Lock): void {
  const untagged = Object.entries(lock).filter(([, reference]) => !/:[\w.-]+$/.test(tagged(reference)));
  if (untagged.length === 0) return;
  const named = untagged.map(([key, reference]) => `${key}: "${reference}"`).join(", ");
  throw new CommandFailure(
    "usage",
    `${LOCK}: ${named} has no tag; write it as repository:tag, such as redis:8.0.4, and leave the digest to this command.`,
  );
}

/**
 * The same images by the digests that their tags have now.
 *
 * @throws CommandFailure when one registry does not answer: of a lock that is half renewed nobody could say which state of the tags it holds
 */
async function resolve(docker: Docker, lock: Lock): Promise<Lock> {
  const asked = await Promise.all(Object.entries(lock).map(async ([key, reference]) => ({ key, ...(await ask(docker, tagged(reference))) })));
  const failed = asked.flatMap(({ key, fault }) => (fault === undefined ? [] : [`  ${key}: ${fault}`]));
  if (failed.length > 0) {
    throw new CommandFailure(
      "failed",
      `${failed.length} of ${asked.length} images could not be looked up, so ${LOCK} is as it was:\n${failed.join("\n")}\n` +
        "Correct a tag that its registry does not have, and run this on a machine whose Docker reaches the registries. They are asked without a login.",
    );
  }
  return Object.fromEntries(asked.map(({ key, pinned }) => [key, pinned!]));
}

/** Docker asks the registry, and so with its own mirrors, certificates and proxies. For a tag of many platforms the digest is that of their index. */
async function ask(docker: Docker, tag: string): Promise<{ pinned?: string; fault?: string }> {
  try {
    const { Descriptor } = await docker.getImage(tag).distribution();
    return { pinned: `${tag}@${Descriptor.digest}` };
  } catch (error) {
    const { json, message } = error as Error & { json?: { message?: string } };
    return { fault: `${tag}, asked of ${registryOf(tag)}: ${json?.message ?? message}` };
  }
}
