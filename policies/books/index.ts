import { mebibytes, type Book, type Row } from "./book";
import { ultrathink } from "./ultrathink";
import { vault } from "./vault";

export { mebibytes, type Book, type Row };

export const books: Book[] = [ultrathink, vault];

/** The book and row of a container name; `undefined` when no book has it. */
export function entryOf(container: string): { book: Book; row: Row } | undefined {
  for (const book of books) {
    const row = book.rows.find(({ service }) => book.containerPrefix + service === container);
    if (row) return { book, row };
  }
  return undefined;
}
