import { mebibytes } from "../../../systems/declaration";
import { ultrathink } from "../../../systems/ultrathink";

type Row = [service: string, cpu: number, memory: number, reserved: number, gpus: number];

/** Rows of the page's resource table, beside the same rows of the declaration, and the sentence with their totals. */
export function totals(page: string): { rows: Row[]; expected: Row[]; text: string } {
  const section = page.split("\n### Resource allocations\n")[1]!.split("\n##")[0]!;
  const rows = section
    .split("\n")
    .filter(line => /^\| [a-z]/.test(line))
    .flatMap(line => {
      const [names = "", cpu, memory, reserved, gpu] = line
        .split("|")
        .slice(1)
        .map(cell => cell.trim());
      return names
        .replace(" (each)", "")
        .split(", ")
        .map((name): Row => [name, Number(cpu), mebibytes(memory as never), mebibytes(reserved as never), gpu === "–" ? 0 : Number(gpu)]);
    });
  const expected = rows.map(([name]): Row => {
    const row = ultrathink.services[name]!;
    return [name, row.cpu, mebibytes(row.memory), mebibytes(row.reserved), row.gpu?.count ?? 0];
  });
  const sum = (column: 1 | 2 | 3 | 4) => expected.reduce((total, row) => total + row[column], 0);
  return {
    rows,
    expected,
    text: `**Total:** ${sum(1).toFixed(1)} CPU cores, ${sum(2) / 1024}G memory (${sum(3) / 1024}G reserved), ${sum(4)} GPUs.`,
  };
}
