/** A line of a pg_hba.conf that says who may connect, or another directive, such as one that reads a further file. */
interface HbaLine {
  /** `local`, `hostssl`, …, or the directive's own word. */
  type: string;
  /** How a client proves who it is. */
  method?: string;
}

/** Whether an address is followed by a mask of its own. */
const MASK = /^\d{1,3}(\.\d{1,3}){3}$|:/;

/** The lines of a pg_hba.conf, the first that fits a client deciding. */
export function parsePgHba(text: string): HbaLine[] {
  return text
    .replace(/\\\n/g, " ")
    .split("\n")
    .map(line => line.match(/#.*|(?:"[^"]*"|[^\s"#])+/g)?.filter(word => !word.startsWith("#")) ?? [])
    .filter(words => words.length > 0)
    .map(([type, , , ...rest]) => ({ type: type!, method: type === "local" ? rest[0] : MASK.test(rest[1] ?? "") ? rest[2] : rest[1] }));
}
