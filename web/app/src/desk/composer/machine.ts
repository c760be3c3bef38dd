import { changeOf, sizeOf, wordsOf, type Change } from "./texts";

export type Phase = "EMPTY" | "DRAWER" | "TYPING_EARLY" | "TYPING_LATE" | "FILLED" | "SENDING" | "BLOCKED";

/** Inserted from a list: by the `/` drawer, or from the agent's own or the company's responses. */
export type Insertion = "CUSTOM_DRAWER" | "CUSTOM_INSERT" | "GLOBAL_INSERT";

export type Augmentation =
  | Insertion
  | "AUTOSUGGEST"
  | "AUTOCOMPLETE"
  | "PHRASE_AUTOCOMPLETE"
  | "FLUENCY_APPLY"
  | "FLUENCY_UNDO"
  | "FREEHAND";

/** A suggestion that was taken: which one of which set. */
export interface Choice {
  set: string;
  /** 1 is the top one. */
  index: number;
  text: string;
}

/** A word that was put right, and where it stands now. */
export interface Correction {
  id: string;
  wrong: string;
  right: string;
  from: number;
  to: number;
}

/** Why a message was not sent. */
export type Block = "profanity" | "placeholder";

/** One message in the making. Times are milliseconds since the epoch. */
export interface Composition {
  readonly phase: Phase;
  readonly text: string;
  /** What helped, in order, repeats kept. */
  readonly augmentations: readonly Augmentation[];
  /** Characters typed or deleted since a suggestion or a drawer response replaced the text. */
  readonly numEdits: number;
  readonly isCounting: boolean;
  readonly choice: Choice | null;
  /** The first set that was shown for this message. */
  readonly initialSet: string | null;
  readonly firstActionAt: number | null;
  readonly lastActionAt: number | null;
  /** When the agent's message before this one was sent. */
  readonly previousSentAt: number | null;
  readonly phrasesPresented: number;
  readonly phrasesSelected: number;
  /** The whole text that the last phrase would have made: while one types along, it is the same. */
  readonly phrase: string;
  readonly corrections: readonly Correction[];
  /** Taken back in this message: not corrected again. */
  readonly undone: readonly string[];
  /** Texts taken from a list: their words are meant as they are. */
  readonly taken: readonly string[];
  readonly block: Block | null;
  /** What the last suggestion replaced, so that taking it back also takes back its credit. */
  readonly before: Composition | null;
}

export type Act =
  | { type: "typed"; text: string; at: number; isUndo?: boolean }
  | { type: "chose"; text: string; at: number; choice: Choice }
  | { type: "completed"; text: string; at: number }
  | { type: "inserted"; text: string; at: number; kind: Insertion; taken: string }
  | { type: "corrected"; text: string; at: number; correction: Correction }
  | { type: "undone"; text: string; at: number; id: string }
  | { type: "shown"; set: string }
  | { type: "phraseShown"; whole: string }
  | { type: "submitted"; at: number }
  | { type: "sent" }
  | { type: "blocked"; block: Block; of: Composition };

/** Up to here a message is early: whole replies may still fit it. */
const EARLY_WORDS = 4;

export const emptyComposition = (previousSentAt: number | null = null): Composition => ({
  phase: "EMPTY",
  text: "",
  ...UNTOUCHED,
  initialSet: null,
  firstActionAt: null,
  lastActionAt: null,
  previousSentAt,
  undone: [],
  block: null,
});

/** What a message has while nothing in it came from anywhere. */
const UNTOUCHED = {
  augmentations: [],
  numEdits: 0,
  isCounting: false,
  choice: null,
  phrasesPresented: 0,
  phrasesSelected: 0,
  phrase: "",
  corrections: [],
  taken: [],
  before: null,
} as const;

/** The composition after one thing happened; never changed in place. */
export function next(now: Composition, act: Act): Composition {
  switch (act.type) {
    case "typed":
      return typed(now, act.text, act.at, act.isUndo ?? false);
    case "chose":
      return chose(now, act);
    case "completed":
      return {
        ...filled(now, act, "PHRASE_AUTOCOMPLETE"),
        numEdits: now.numEdits + (now.isCounting ? 1 : 0),
        phrasesSelected: now.phrasesSelected + 1,
        phrase: "",
      };
    case "inserted":
      return inserted(now, act);
    case "corrected":
      return corrected(now, act);
    case "undone":
      return undone(now, act);
    case "shown":
      return now.initialSet === null ? { ...now, initialSet: act.set } : now;
    case "phraseShown":
      return act.whole === now.phrase
        ? now
        : { ...now, phrase: act.whole, phrasesPresented: now.phrasesPresented + 1 };
    case "submitted":
      return { ...emptyComposition(act.at), phase: "SENDING" };
    case "sent":
      return now.phase === "SENDING" ? { ...now, phase: "EMPTY" } : now;
    case "blocked":
      return blocked(now, act);
  }
}

function typed(now: Composition, text: string, at: number, isUndo: boolean): Composition {
  if (text === now.text) return now;
  const acted = { ...action(now, at), block: null };
  if (text === "") return { ...acted, ...UNTOUCHED, phase: "EMPTY", text, undone: [] };
  if (isUndo && now.before?.text === text) return { ...now.before, lastActionAt: at };
  if (isDrawer(now, text)) return { ...acted, phase: "DRAWER", text };
  const change = changeOf(now.text, text);
  const takenBack = now.corrections.find((one) => isTakenBack(one, now.text, text));
  if (takenBack) return undone(now, { text, at, id: takenBack.id });
  return {
    ...acted,
    text,
    phase: phaseOf(now, text),
    corrections: moved(now.corrections, change),
    numEdits: now.numEdits + (now.isCounting ? sizeOf(change) : 0),
  };
}

const isDrawer = (now: Composition, text: string): boolean =>
  now.phase === "DRAWER" ? text.startsWith("/") : now.text === "" && text === "/";

function phaseOf(now: Composition, text: string): Phase {
  if (now.augmentations.some((one) => !one.startsWith("FLUENCY"))) return "FILLED";
  return wordsOf(text).length <= EARLY_WORDS ? "TYPING_EARLY" : "TYPING_LATE";
}

function chose(now: Composition, { text, at, choice }: Extract<Act, { type: "chose" }>): Composition {
  return {
    ...filled(now, { text, at }, now.text === "" ? "AUTOSUGGEST" : "AUTOCOMPLETE"),
    choice,
    numEdits: 0,
    isCounting: true,
    taken: [...now.taken, choice.text],
    before: { ...now, before: null },
  };
}

function inserted(now: Composition, { text, at, kind, taken }: Extract<Act, { type: "inserted" }>): Composition {
  const whole = { ...filled(now, { text, at }, kind), taken: [...now.taken, taken] };
  return kind === "CUSTOM_DRAWER" ? { ...whole, numEdits: 0, isCounting: true } : whole;
}

/** The text after something of ours changed it, with the credit for it. */
const filled = (now: Composition, { text, at }: { text: string; at: number }, by: Augmentation): Composition => ({
  ...action(now, at),
  phase: "FILLED",
  text,
  block: null,
  before: null,
  augmentations: [...now.augmentations, by],
  corrections: moved(now.corrections, changeOf(now.text, text)),
});

/** Corrections are no action of the agent: the timers stand still. */
function corrected(now: Composition, { text, correction }: Extract<Act, { type: "corrected" }>): Composition {
  return {
    ...now,
    text,
    augmentations: [...now.augmentations, "FLUENCY_APPLY"],
    corrections: [...moved(now.corrections, changeOf(now.text, text)), correction],
  };
}

function undone(now: Composition, { text, at, id }: { text: string; at: number; id: string }): Composition {
  const correction = now.corrections.find((one) => one.id === id);
  if (!correction) return now;
  const others = now.corrections.filter((one) => one !== correction);
  return {
    ...action(now, at),
    text,
    block: null,
    augmentations: [...now.augmentations, "FLUENCY_UNDO"],
    corrections: moved(others, changeOf(now.text, text)),
    undone: [...now.undone, correction.wrong],
  };
}

/** Whether exactly this correction was taken back, as the browser's own undo does. */
const isTakenBack = ({ from, to, wrong }: Correction, before: string, after: string): boolean =>
  before.slice(0, from) + wrong + before.slice(to) === after;

function blocked(now: Composition, { block, of }: Extract<Act, { type: "blocked" }>): Composition {
  const since = now === of || now.text === "" ? "" : `\n${now.text}`;
  return { ...of, phase: "BLOCKED", block, text: of.text + since };
}

const action = (now: Composition, at: number): Composition => ({
  ...now,
  firstActionAt: now.firstActionAt ?? at,
  lastActionAt: at,
});

/** Corrections where they stand after a change; one whose word was touched is the agent's own now. */
function moved(corrections: readonly Correction[], { from, removed, added }: Change): Correction[] {
  const by = added - removed;
  return corrections
    .filter((one) => one.to <= from || one.from >= removed)
    .map((one) => (one.from >= removed ? { ...one, from: one.from + by, to: one.to + by } : one));
}
