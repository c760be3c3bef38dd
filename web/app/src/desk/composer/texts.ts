/** Where two texts differ: `[from, removed)` of the old one gave way to `[from, added)` of the new one. */
export interface Change {
  from: number;
  removed: number;
  added: number;
}

export function changeOf(before: string, after: string): Change {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from += 1;
  let tail = 0;
  while (tail < shorter - from && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return { from, removed: before.length - tail, added: after.length - tail };
}

/** How many characters a person typed and deleted to make the change. */
export const sizeOf = ({ from, removed, added }: Change): number => removed - from + (added - from);

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu;

export const wordsOf = (text: string): string[] => text.match(WORD) ?? [];

/** A placeholder that nothing has filled, as in `{ORDER_ID}`. */
const PLACEHOLDER = /\{[A-Za-z][A-Za-z0-9_ .-]{0,63}\}/g;

export interface Span {
  from: number;
  to: number;
}

export const placeholdersOf = (text: string): Span[] =>
  [...text.matchAll(PLACEHOLDER)].map(({ index, 0: found }) => ({ from: index, to: index + found.length }));

/** Where the word that ends at `end` begins; `end` itself when there is none. */
export function wordBefore(text: string, end: number): number {
  let from = end;
  while (from > 0 && !/\s/.test(text[from - 1]!)) from -= 1;
  return from;
}
