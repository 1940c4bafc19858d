import type { UpdateSummary } from "@pulumi/pulumi/automation";
import type { ReleaseConfig } from "./stack-file";

/** Version of an image, as config spells it: its tag. */
const versionOf = (image: string) => image.split("@")[0]!.split(":").at(-1);

/** Something that an update did to what a service's clients get, or what stands beside it. */
export interface ReleaseEvent {
  at: Date;
  service: string;
  what: string;
}

/** What the config of one update said of a service. */
interface Entry {
  at: Date;
  image?: string;
  release?: ReleaseConfig;
}

type Update = Pick<UpdateSummary, "kind" | "result" | "endTime" | "config">;

/** Oldest first; what failed may have changed nothing. */
function entries(history: Update[], project: string, service: string): Entry[] {
  const value = <T>({ config }: Update, key: string): T | undefined => {
    const text = config[`${project}:${key}`]?.value;
    return text ? (JSON.parse(text) as Record<string, T>)[service] : undefined;
  };
  return history
    .filter(({ kind, result }) => kind === "update" && result === "succeeded")
    .map(update => ({
      at: new Date(update.endTime),
      image: value<string>(update, "images"),
      release: value<ReleaseConfig>(update, "releases"),
    }))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

function between(before: Entry | undefined, { image, release }: Entry): string | undefined {
  const old = before?.release;
  if (release && release.candidate !== old?.candidate) return `${release.candidate} beside ${image ?? "the declared image"}`;
  if (release && old && release.live !== old.live) return `clients switched from ${old.live} to ${release.live}`;
  if (!release && old) return image === old.candidate ? `${old.candidate} is the one that runs` : `${old.candidate} taken away`;
  if (before && image !== before.image) return `${image ?? "the declared image"} rolled out by a plain up`;
  return undefined;
}

/** What the stack's updates did to a service's releases, newest first. Nothing else remembers them: each update keeps its config. */
export function releaseEvents(history: Update[], project: string, service: string): ReleaseEvent[] {
  const all = entries(history, project, service);
  return all
    .flatMap((entry, index) => {
      const what = between(all[index - 1], entry);
      return what ? [{ at: entry.at, service, what }] : [];
    })
    .reverse();
}

/** Since when clients get the version that they get. @default undefined - since before anything is remembered */
export function liveSince(history: Update[], project: string, service: string): Date | undefined {
  const all = entries(history, project, service);
  const live = ({ image, release }: Entry) => release?.live ?? (image && versionOf(image));
  // Before the first release config names no image, and it begins with what runs.
  return all.filter((entry, index) => index > 0 && live(all[index - 1]!) !== undefined && live(all[index - 1]!) !== live(entry)).at(-1)?.at;
}

/** Image that ran before the one that runs now, where an update remembers it. */
export function imageBefore(history: Update[], project: string, service: string): string | undefined {
  const images = entries(history, project, service).flatMap(({ image }) => image ?? []);
  return images.filter(image => image !== images.at(-1)).at(-1);
}
