/** The start of what is being written now: after the last sentence's end, or of everything. */
const SENTENCE_START = /(?:^|[.!?\n]\s+)(?=\S)/g;

/** Less than this after a sentence's end is too little to guess from. */
const ENOUGH = 2;

/**
 * What would follow `typed` if `suggestions` (best first) are right; empty when none fits.
 *
 * A suggestion fits when it continues everything typed, or its last sentence; what the person
 * wrote stays as they wrote it.
 */
export function ghostOf(typed: string, suggestions: readonly string[]): string {
  if (typed.trim() === "") return typed === "" ? (suggestions[0] ?? "") : "";
  for (const start of starts(typed)) {
    const part = typed.slice(start).toLocaleLowerCase();
    const fitting = suggestions.find((one) => one.length > part.length && one.toLocaleLowerCase().startsWith(part));
    if (fitting) return fitting.slice(part.length);
  }
  return "";
}

function starts(typed: string): number[] {
  const found = [...typed.matchAll(SENTENCE_START)].map((match) => match.index + match[0].length);
  return found.filter((start) => start === 0 || typed.length - start >= ENOUGH);
}
