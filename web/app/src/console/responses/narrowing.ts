import type { ResponseRow } from "./api";
import { filtersOf } from "./inserts";

export type Order = "text" | "title" | "folder" | "usage";

/** What one wants to see of the list. */
export interface Narrowing {
  words: string;
  /** A folder's path, with what lies in it; null: all. */
  folder: string | null;
  /** A filter's key, or key and value; null: all. */
  filter: string | null;
  order: Order;
  isDescending: boolean;
}

export const EVERYTHING: Narrowing = { words: "", folder: null, filter: null, order: "text", isDescending: false };

const SEPARATOR = " > ";
const VALUE = " = ";

/** A row with what it is looked for and ordered by, worked out once. */
interface Indexed {
  row: ResponseRow;
  words: string;
  filters: ReadonlySet<string>;
}

const collator = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });

export const folded = (text: string): string =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

export const indexed = (rows: readonly ResponseRow[]): Indexed[] =>
  rows.map((row) => ({ row, words: folded(row.text), filters: new Set(namesOf(row)) }));

/** The rows that are wanted, in the order that is wanted. */
export function narrowed(all: readonly Indexed[], { words, folder, filter, order, isDescending }: Narrowing): ResponseRow[] {
  const wanted = folded(words).split(/\s+/).filter(Boolean);
  const found = all.filter(
    (one) =>
      wanted.every((word) => one.words.includes(word)) &&
      (folder === null || isWithin(one.row.folderPath, folder)) &&
      (filter === null || one.filters.has(filter)),
  );
  const rows = found.map(({ row }) => row);
  rows.sort(ORDERS[order]);
  return isDescending ? rows.reverse() : rows;
}

const ORDERS: Readonly<Record<Order, (a: ResponseRow, b: ResponseRow) => number>> = {
  text: (a, b) => collator.compare(a.text, b.text),
  title: (a, b) => Number(!a.title) - Number(!b.title) || collator.compare(a.title, b.title),
  folder: (a, b) => collator.compare(a.folderPath, b.folderPath) || collator.compare(a.text, b.text),
  usage: (a, b) => (b.usage?.count ?? 0) - (a.usage?.count ?? 0),
};

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(folder + SEPARATOR);

function namesOf(row: ResponseRow): string[] {
  return filtersOf(row).flatMap(({ name, allowedValues }) => [name, ...allowedValues.map((value) => name + VALUE + value)]);
}

/** Every folder of the rows, and the folders these lie in. */
export function foldersOf(rows: readonly ResponseRow[]): string[] {
  const found = new Set<string>();
  for (const { folderPath } of rows) {
    const names = folderPath ? folderPath.split(SEPARATOR) : [];
    names.forEach((_, index) => found.add(names.slice(0, index + 1).join(SEPARATOR)));
  }
  return [...found].sort(collator.compare);
}

/** Every filter that the rows carry: by key, then each key with its values. */
export const filterNamesOf = (rows: readonly ResponseRow[]): string[] => [...new Set(rows.flatMap(namesOf))].sort(collator.compare);
