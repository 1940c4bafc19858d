import { CONTAINER, IMAGE } from "../docker";
import { imagesOf } from "../images";
import { hasDigest } from "../parsers/image-reference";
import { booksOf, stackOf } from "../parts";
import { reporter } from "../report";
import type { StackRule } from "../rule";

export const rule: StackRule = {
  name: "image-enforce-digest",
  displayName: "Images by digest",
  description:
    "Every image is named by its digest: a tag, even of an exact version, is what its registry makes of it that day. On Docker the images that are built from the system's own sources have none.",
  severity: "medium",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Run `make images` where the registries can be reached, and commit the image lock file; an image that is built here is pushed to a registry first, and named there with the digest that the push prints.",
  tags: ["supply-chain"],
  validateStack: (args, report) => {
    const named = args.resources.flatMap(resource => imagesOf(resource).map(([, , image]) => ({ type: resource.type, image })));
    if (named.length === 0) args.notApplicable("nothing in this stack names an image");
    const built = booksOf(args).flatMap(book => book.built ?? []);
    const bare = named.flatMap(({ type, image }) => {
      const builtHere = (type === IMAGE || type === CONTAINER) && built.some(repository => image?.startsWith(`${repository}:`));
      return image && !hasDigest(image) && !builtHere ? [image] : [];
    });
    if (bare.length === 0) return;
    // One sentence for all: a lock file without digests lacks them for every image, and one command writes them.
    const images = [...new Set(bare)].sort();
    reporter(
      "stack",
      stackOf(args.resources[0]!.urn),
      report,
    )(
      `without a digest ${images.length === 1 ? "it names" : `it names ${images.length} images:`} ${images.join(", ")}`,
      "Run `make images` where the registries can be reached, and commit images.lock.json; push one that is built here to a registry first, and name it there",
    );
  },
};
