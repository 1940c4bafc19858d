import { commands, normalise } from "./commands";
import { blocks } from "./markdown";

/** How a command of the first edition stands in the runbook now. */
export interface Standing {
  original: string;
  /** The command that takes its place; the original itself when it stands as written. */
  now: string;
  kind: "as-written" | "corrected";
}

/** Rows `- `original` becomes `now`: why` (or `becomes the …` with prose instead of a command). */
function rows(markdown: string): { original: string; now: string }[] {
  const section = markdown.split("\n## Corrections\n")[1] ?? "";
  return section
    .split("\n")
    .filter(line => line.startsWith("- "))
    .map(line => {
      const match = /^- `(.+?)` becomes (?:`(.+?)`: |the .*?`(.+?)`.*?: )/.exec(line);
      if (!match) throw new Error(`Corrections: cannot read "${line}"`);
      return { original: match[1]!, now: match[2] ?? match[3]! };
    });
}

/** The commands of a page's bash blocks. */
export function pageCommands(markdown: string): string[] {
  return blocks(markdown)
    .filter(block => block.language === "bash")
    .flatMap(block => commands(block.text))
    .map(normalise);
}

/**
 * Finds each of the first edition's commands in the runbook, as written or by its correction.
 *
 * @throws an Error that lists the commands that are in neither, and the corrections whose replacement the page does not hold
 */
export function standings(originals: string[], markdown: string): Standing[] {
  const page = pageCommands(markdown);
  const corrections = rows(markdown);
  const faults: string[] = [];
  const found = [...new Set(originals)].map((original): Standing => {
    if (page.includes(original)) return { original, now: original, kind: "as-written" };
    const exact = corrections.find(row => row.original === original);
    const rule = corrections.find(row => row.original.endsWith("…") && original.startsWith(row.original.slice(0, -1)));
    const now = exact?.now ?? rule?.now.replace("…", original.slice(rule.original.length - 1));
    // A correction may be a part of a longer command, such as the body of a loop.
    const holder = now === undefined ? undefined : (page.find(command => command === now) ?? page.find(command => command.includes(now)));
    if (holder === undefined)
      faults.push(
        `${original}\n    ${now === undefined ? "is neither in the runbook nor under Corrections" : `becomes ${now}, which the runbook does not hold`}`,
      );
    return { original, now: holder ?? "", kind: "corrected" };
  });
  const unused = corrections
    .filter(row => !row.original.endsWith("…") && !originals.includes(row.original))
    .map(row => `${row.original}\n    is under Corrections, and the first edition did not have it`);
  if (faults.length + unused.length > 0) throw new Error([...faults, ...unused].join("\n"));
  return found;
}
