import type { ComposeApi, TypingEvent } from "./api";
import type { Composition, Correction } from "./machine";
import { wordsOf } from "./texts";

/**
 * The word to put right after a typing event, or null.
 *
 * Never one of the person's own dictionary, one taken back in this message, or one that came from
 * a list: those are meant as they are.
 */
export async function misspelled(
  api: ComposeApi,
  composition: Composition,
  typingEvent: TypingEvent,
  dictionary: readonly string[],
  signal: AbortSignal,
): Promise<Correction | null> {
  const { text, undone, taken } = composition;
  const meant = new Set([...dictionary, ...undone, ...taken.flatMap(wordsOf)]);
  const { id = "", misspelledText: wrong, correctedText: right, position: from } = await api.spell(
    text,
    typingEvent,
    [...meant],
    signal,
  );
  if (!wrong || right === undefined || from === undefined || right === wrong) return null;
  return { id, wrong, right, from, to: from + right.length };
}

/** Whether the wrong word still stands where it was, and nobody is changing it. */
export function stillStands({ wrong, from }: Correction, text: string, caret: number): boolean {
  const to = from + wrong.length;
  return text.slice(from, to) === wrong && !/\S/.test(text[to] ?? " ") && (caret < from || caret > to);
}
