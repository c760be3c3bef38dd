import type { Condition, ResponseRow } from "./api";

/** What stands in curly brackets is filled in from the conversation. */
const INSERT = /\{([A-Za-z][A-Za-z0-9_ .-]{0,63})\}/g;

export interface Piece {
  text: string;
  isInsert: boolean;
}

/** A text in pieces: its inserts, and what stands between them. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(INSERT)) {
    if (match.index > at) pieces.push({ text: text.slice(at, match.index), isInsert: false });
    pieces.push({ text: match[1]!, isInsert: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isInsert: false });
  return pieces;
}

export const insertsIn = (text: string): string[] => [...new Set([...text.matchAll(INSERT)].map((match) => match[1]!))];

/** Metadata that says when a response is suggested; the rest gives the text's inserts their values. */
export function filtersOf({ text, metadata }: Pick<ResponseRow, "text" | "metadata">): Condition[] {
  const inserts = new Set(insertsIn(text));
  return metadata.filter(({ name }) => !inserts.has(name));
}

export function bindingsOf({ text, metadata }: Pick<ResponseRow, "text" | "metadata">): Condition[] {
  const inserts = new Set(insertsIn(text));
  return metadata.filter(({ name }) => inserts.has(name));
}

const plain = (name: string): string => name.replace(/[ _-]/g, "").toLowerCase();

/** Inserts of a text that nothing will ever fill: not in the dictionary and not bound by the response. */
export function unknownIn(text: string, metadata: readonly Condition[], known: readonly string[], isLoose: (name: string) => boolean): string[] {
  const sure = new Set([...known, ...metadata.filter(({ allowedValues }) => allowedValues.length > 0).map(({ name }) => name)]);
  return insertsIn(text).filter((name) => !sure.has(name) && !isLoose(plain(name)));
}
