/** A Java properties file as a map; the last of equal keys wins, as in Java. */
export function parseProperties(text: string): Map<string, string> {
  const lines = text
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .map(line => line.trim());
  const pairs = lines.filter(line => line !== "" && !/^[#!]/.test(line)).map(line => /^([^=:\s]+)\s*[=:\s]\s*(.*)$/.exec(line));
  return new Map(pairs.filter(pair => pair !== null).map(([, key, value]) => [key!, value!]));
}
