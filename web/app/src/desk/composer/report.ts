import type { Augmentation, Composition } from "./machine";

/** What is told about a message once it is stored; the conversation and the message are added then. */
export interface Report {
  augmentationType: readonly Augmentation[];
  numEdits: number;
  selectedSuggestionText?: string;
  selectedSuggestionsId?: string;
  selectedSuggestionIndex?: number;
  initialSuggestionsId?: string;
  /** Seconds, as the two below. */
  timeToAction?: number;
  craftingTime?: number;
  dwellTime?: number;
  phraseAutocompletePresentedCt: number;
  phraseAutocompleteSelectedCt: number;
}

/** How a message came to be: what helped, how much was changed, and how long it took. */
export function reportOf(composition: Composition, sentAt: number): Report {
  const { augmentations, choice, initialSet, firstActionAt, lastActionAt, previousSentAt } = composition;
  return {
    augmentationType: augmentations.length > 0 ? augmentations : ["FREEHAND"],
    numEdits: composition.numEdits,
    ...(choice && {
      selectedSuggestionText: choice.text,
      selectedSuggestionsId: choice.set,
      selectedSuggestionIndex: choice.index,
    }),
    ...(initialSet !== null && { initialSuggestionsId: initialSet }),
    ...(firstActionAt !== null && previousSentAt !== null && { timeToAction: seconds(previousSentAt, firstActionAt) }),
    ...(firstActionAt !== null &&
      lastActionAt !== null && {
        craftingTime: seconds(firstActionAt, lastActionAt),
        dwellTime: seconds(lastActionAt, sentAt),
      }),
    phraseAutocompletePresentedCt: composition.phrasesPresented,
    phraseAutocompleteSelectedCt: composition.phrasesSelected,
  };
}

/** A greeting that went out by itself: no help of the nine kinds, and nobody's time. */
export const GREETED: Report = {
  augmentationType: [],
  numEdits: 0,
  phraseAutocompletePresentedCt: 0,
  phraseAutocompleteSelectedCt: 0,
};

/** Clocks of two machines may differ: nothing takes less than no time. */
const seconds = (from: number, to: number): number => Math.max(0, to - from) / 1000;
