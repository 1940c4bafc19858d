import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exitCodes } from "../ops/exit";

const BEGIN = "<!-- Generated from ops/exit.ts; `node --import tsx docs/exit-codes.ts` writes it anew. -->";
const END = "<!-- End of the exit codes. -->";
const PAGE = join(__dirname, "../README.md");

/** A page with its table of exit codes renewed. */
export function renewExitCodes(page: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the page has no place for the exit codes; add these two lines:\n${BEGIN}\n${END}`);
  const rows = Object.values(exitCodes).map(({ code, meaning }) => `| ${code} | ${meaning} |`);
  return `${page.slice(0, begin)}${BEGIN}\n\n| exit code | means |\n|---|---|\n${rows.join("\n")}\n\n${page.slice(end)}`;
}

if (require.main === module) writeFileSync(PAGE, renewExitCodes(readFileSync(PAGE, "utf8")));
