import { BESIDE, type Target } from "./targets";

type Places = Pick<Target, "folder" | "data" | "stale">;

const before = (name: string) => `${name}.before`;

/**
 * Shell script that makes a volume ready for a restore beside its data: clears what an interrupted one left, and puts the old data back where one
 * was interrupted between moving the old away and the new in.
 */
export function readyScript({ folder, data }: Places): string {
  const halfWay = data.map(({ name }) => `{ [ ! -e ${name} ] && [ -e ${before(name)} ]; }`).join(" || ");
  return [
    `cd ${folder}`,
    // The program keeps its own notes beside the folder that it restores into.
    `rm -rf ${BESIDE} ${BESIDE}.*`,
    `if ${halfWay}; then`,
    ...data.map(({ name }) => `  if [ -e ${before(name)} ]; then rm -rf ${name}; mv ${before(name)} ${name}; fi`),
    "fi",
  ].join("\n");
}

/**
 * Shell script that puts the restored data in the place of the old, by renaming inside one volume: nothing is copied. What the restore before this one
 * kept goes; what this one replaces is kept.
 */
export function takeOverScript({ folder, data, stale }: Places): string {
  const all = [...data.map(({ name }) => name), ...stale];
  return [
    `cd ${folder}`,
    // Without everything that is to be moved in, nothing is moved away.
    ...data.map(({ from }) => `[ -e ${from} ]`),
    ...all.map(name => `rm -rf ${before(name)}`),
    ...all.map(name => `if [ -e ${name} ]; then mv ${name} ${before(name)}; fi`),
    ...data.map(({ name, from }) => `mv ${from} ${name}`),
    `rm -rf ${BESIDE}`,
  ].join("\n");
}

/** Paths of what a take-over kept, for the message that says how to drop it. */
export function keptPaths({ folder, data, stale }: Places): string[] {
  return [...data.map(({ name }) => name), ...stale].map(name => `${folder}/${before(name)}`);
}
