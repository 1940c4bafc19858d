/** A fenced block of a runbook page with what its reader and its test need to know. */
export interface Block {
  language: string;
  text: string;
  /** Text of the nearest heading above. */
  heading: string;
  treatment: Treatment;
}

/**
 * How the test treats a block's commands, from the `<!-- run: … -->` line above it; none: each runs as it stands and must exit 0.
 */
export interface Treatment {
  /** Every command's output must match. */
  expect?: RegExp;
  /** A search at the end of a pipeline may find nothing. */
  mayFindNothing: boolean;
  /** Never ends by itself: must run and write something until it is stopped. */
  follow: boolean;
  /** Cannot run on every machine; the reason's key. */
  skip?: string;
  /** Containers that must be healthy again afterwards; `all`: every one. */
  recovers: string[];
  /** Ends this container, which Docker starts anew. */
  ends?: string;
  /** Prunes: the test adds a filter that only its own objects pass. */
  narrowed: boolean;
  /** Changes a committed file, which the test puts back. */
  restores?: string;
  /** Interactive: the `python` block that follows is typed into it. */
  repl: boolean;
  /** Another end-to-end test runs it. */
  in?: string;
}

const ANNOTATION = /^<!-- run: (.+) -->$/;

function parseTreatment(annotation: string | undefined): Treatment {
  const treatment: Treatment = { mayFindNothing: false, follow: false, recovers: [], narrowed: false, repl: false };
  for (const part of annotation?.split(";").map(text => text.trim()) ?? []) {
    const [key, value = ""] = part.split(/=(.*)/s);
    switch (key) {
      case "expect":
        treatment.expect = new RegExp(value, "m");
        break;
      case "may-find-nothing":
        treatment.mayFindNothing = true;
        break;
      case "follow":
        treatment.follow = true;
        break;
      case "skip":
        treatment.skip = value;
        break;
      case "recovers":
        treatment.recovers = value.split(",");
        break;
      case "ends":
        treatment.ends = value;
        break;
      case "narrowed":
        treatment.narrowed = true;
        break;
      case "restores":
        treatment.restores = value;
        break;
      case "repl":
        treatment.repl = true;
        break;
      case "in":
        treatment.in = value;
        break;
      default:
        throw new Error(`"${part}" is not a treatment; see the list in test/e2e/runbook/markdown.ts`);
    }
  }
  return treatment;
}

/** The fenced blocks of a page, in order. */
export function blocks(markdown: string): Block[] {
  const found: Block[] = [];
  let heading = "";
  let annotation: string | undefined;
  let open: { language: string; lines: string[] } | undefined;
  for (const line of markdown.split("\n")) {
    const fence = /^```(\w*)$/.exec(line);
    if (open && fence) {
      found.push({ language: open.language, text: open.lines.join("\n"), heading, treatment: parseTreatment(annotation) });
      open = annotation = undefined;
    } else if (open) {
      open.lines.push(line);
    } else if (fence) {
      open = { language: fence[1]!, lines: [] };
    } else if (line.startsWith("#")) {
      heading = line.replace(/^#+ /, "");
    } else if (ANNOTATION.test(line)) {
      annotation = ANNOTATION.exec(line)![1];
    } else if (line !== "" && annotation) {
      throw new Error(`"<!-- run: ${annotation} -->" stands above "${line}"; it belongs right above a fenced block`);
    }
  }
  if (open) throw new Error(`the block under "${heading}" is not closed`);
  return found;
}
