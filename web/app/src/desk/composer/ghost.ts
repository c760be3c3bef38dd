/** The start of what is being written now: after the last sentence's end, or of everything. */
const SENTENCE_START = /(?:^|[.!?\n]\s+)(?=\S)/g;

/** Less than this after a sentence's end is too little to guess from. */
const ENOUGH = 2;

/** What goes on after the typed text, from the phrase or from a suggestion (0 is the top one). */
export interface Ghost {
  rest: string;
  by: "phrase" | number;
}

/**
 * What would follow `typed`: the phrase if it goes on from there, else the first suggestion that
 * does, for everything typed or for its last sentence. What the person wrote stays as they wrote
 * it. Nothing goes on from an empty field: whole replies are offered above it.
 */
export function ghostOf(typed: string, suggestions: readonly string[], phrase = ""): Ghost | null {
  if (typed.trim() === "") return null;
  const rest = restOf(phrase, typed);
  if (rest) return { rest, by: "phrase" };
  for (const start of starts(typed)) {
    const by = suggestions.findIndex((one) => restOf(one, typed.slice(start)) !== "");
    if (by !== -1) return { rest: restOf(suggestions[by]!, typed.slice(start)), by };
  }
  return null;
}

/** `whole` without its beginning `part`, whatever the case; empty when it begins otherwise. */
const restOf = (whole: string, part: string): string =>
  whole.toLocaleLowerCase().startsWith(part.toLocaleLowerCase()) ? whole.slice(part.length) : "";

function starts(typed: string): number[] {
  const found = [...typed.matchAll(SENTENCE_START)].map((match) => match.index + match[0].length);
  return found.filter((start) => start === 0 || typed.length - start >= ENOUGH);
}
