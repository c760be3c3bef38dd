import { describe, expect, it } from "vitest";
import { emptyComposition, next, type Act, type Composition, type Correction } from "../src/desk/composer/machine";
import { reportOf } from "../src/desk/composer/report";

const CHOICE = { set: "s1", index: 1, text: "How may I help?" };
const TIHS: Correction = { id: "k1", wrong: "tihs", right: "this", from: 7, to: 11 };
const after = (acts: readonly Act[], from: Composition = emptyComposition()): Composition => acts.reduce(next, from);
const typed = (text: string, at = 0, isUndo = false): Act => ({ type: "typed", text, at, isUndo });
const chose = (text = CHOICE.text, at = 0): Act => ({ type: "chose", text, at, choice: CHOICE });
const kinds = (acts: readonly Act[]) => reportOf(after(acts), 0).augmentationType;

describe("the states of a composer", () => {
  const phase = (...acts: Act[]) => after(acts).phase;

  it("follows the typing from empty over early to late, and back", () => {
    expect(phase()).toBe("EMPTY");
    expect(phase(typed("Hello"))).toBe("TYPING_EARLY");
    expect(phase(typed("Hello there my dear customer"))).toBe("TYPING_LATE");
    expect(phase(typed("Hello"), typed(""))).toBe("EMPTY");
  });

  // spec: CMP-163
  it("opens the drawer at a slash in an empty field, and nowhere else", () => {
    expect(phase(typed("/"))).toBe("DRAWER");
    expect(phase(typed("/"), typed("/hi"))).toBe("DRAWER");
    expect(phase(typed("/"), typed(""))).toBe("EMPTY");
    expect(phase(typed("either"), typed("either/"))).toBe("TYPING_EARLY");
    expect(phase(typed("/etc/hosts pasted"))).toBe("TYPING_EARLY");
  });

  it("is filled by what came from a list, and stays so while it is changed", () => {
    expect(phase(chose())).toBe("FILLED");
    expect(phase(chose(), typed("How may I help you?"))).toBe("FILLED");
    expect(phase(typed("/"), { type: "inserted", text: "Hi", at: 0, kind: "CUSTOM_DRAWER", taken: "Hi" })).toBe("FILLED");
  });

  it("is empty while a message is checked, and blocked with its text when it is refused", () => {
    const of = after([typed("oh damn")]);
    const sending = next(of, { type: "submitted", at: 1 });
    expect([sending.phase, sending.text]).toEqual(["SENDING", ""]);
    const blocked = next(sending, { type: "blocked", block: "profanity", of });
    expect([blocked.phase, blocked.text, blocked.block]).toEqual(["BLOCKED", "oh damn", "profanity"]);
    const edited = next(blocked, typed("oh"));
    expect([edited.phase, edited.block]).toEqual(["TYPING_EARLY", null]);
    expect(next(sending, { type: "sent" }).phase).toBe("EMPTY");
  });

  it("keeps what was typed meanwhile behind a message that comes back", () => {
    const of = after([typed("oh damn")]);
    const sending = next(next(of, { type: "submitted", at: 1 }), typed("And"));
    expect(next(sending, { type: "blocked", block: "profanity", of }).text).toBe("oh damn\nAnd");
  });
});

describe("what helped with a message", () => {
  // spec: CMP-089
  it("is a suggestion for an empty field, or a completion of what is typed", () => {
    expect(kinds([chose()])).toEqual(["AUTOSUGGEST"]);
    expect(kinds([typed("How"), chose()])).toEqual(["AUTOCOMPLETE"]);
    expect(kinds([chose(), chose("Other")])).toEqual(["AUTOSUGGEST", "AUTOCOMPLETE"]);
  });

  // spec: CMP-090
  it("is a phrase, once for each time", () => {
    const phrase = (text: string): Act => ({ type: "completed", text, at: 0 });
    expect(kinds([typed("I will"), phrase("I will check"), typed("I will check and"), phrase("I will check and call")])).toEqual([
      "PHRASE_AUTOCOMPLETE",
      "PHRASE_AUTOCOMPLETE",
    ]);
  });

  // spec: CMP-091, CMP-092, CMP-093
  it("is a response of the drawer, of one's own, of the company", () => {
    const inserted = (kind: "CUSTOM_DRAWER" | "CUSTOM_INSERT" | "GLOBAL_INSERT"): Act[] => [
      { type: "inserted", text: "Hi", at: 0, kind, taken: "Hi" },
    ];
    expect(kinds(inserted("CUSTOM_DRAWER"))).toEqual(["CUSTOM_DRAWER"]);
    expect(kinds(inserted("CUSTOM_INSERT"))).toEqual(["CUSTOM_INSERT"]);
    expect(kinds(inserted("GLOBAL_INSERT"))).toEqual(["GLOBAL_INSERT"]);
  });

  const corrected: Act = { type: "corrected", text: "How is this ", at: 0, correction: TIHS };

  // spec: CMP-094
  it("is a correction and its undoing, in that order", () => {
    expect(kinds([typed("How is tihs "), corrected, { type: "undone", text: "How is tihs ", at: 0, id: "k1" }])).toEqual([
      "FLUENCY_APPLY",
      "FLUENCY_UNDO",
    ]);
  });

  it("sees a correction taken back by the browser's own undo", () => {
    const now = after([typed("How is tihs "), corrected, typed("How is tihs ", 0, true)]);
    expect([now.augmentations, now.undone, now.corrections]).toEqual([["FLUENCY_APPLY", "FLUENCY_UNDO"], ["tihs"], []]);
  });

  // spec: CMP-095
  it("is nothing for what is typed by hand", () => {
    expect(kinds([typed("H"), typed("Hi")])).toEqual(["FREEHAND"]);
  });

  it("is forgotten when the field is emptied, and with a suggestion that is taken back", () => {
    expect(kinds([chose(), typed(""), typed("Hi")])).toEqual(["FREEHAND"]);
    expect(kinds([typed("Hm"), chose(), typed("Hm", 0, true)])).toEqual(["FREEHAND"]);
  });
});

describe("the figures of a message", () => {
  // spec: CMP-098
  it("counts what is typed and deleted after the last text that replaced everything", () => {
    const edits = (...acts: Act[]) => after(acts).numEdits;
    expect(edits(typed("Hello"))).toBe(0);
    expect(edits(chose())).toBe(0);
    expect(edits(chose(), typed("How may I help you?"))).toBe(4);
    expect(edits(chose(), typed("How may I help"), chose())).toBe(0);
    expect(edits(chose(), typed("How"), { type: "completed", text: "How are you", at: 0 })).toBe(13);
    const own: Act = { type: "inserted", text: "Hi Sam", at: 0, kind: "CUSTOM_DRAWER", taken: "Hi Sam" };
    expect(edits(chose(), typed("How"), own, typed("Hi Sa"))).toBe(1);
  });

  // spec: CMP-097
  it("tells the time to the first act, of the work, and until it was sent", () => {
    const now = after([typed("H", 3_000), typed("Hi", 5_500)], emptyComposition(1_000));
    expect(reportOf(now, 9_000)).toMatchObject({ timeToAction: 2, craftingTime: 2.5, dwellTime: 3.5 });
  });

  it("knows no time to act before the first message of an agent", () => {
    expect(reportOf(after([typed("Hi", 3_000)]), 4_000)).not.toHaveProperty("timeToAction");
  });

  it("begins anew with the next message", () => {
    const now = after([chose("Hi", 1_000), { type: "submitted", at: 2_000 }, typed("So", 4_000)]);
    expect(reportOf(now, 5_000)).toMatchObject({ augmentationType: ["FREEHAND"], numEdits: 0, timeToAction: 2 });
  });

  // spec: CMP-099
  it("counts phrases that were shown, once while one types along, and those taken", () => {
    const shown = (whole: string): Act => ({ type: "phraseShown", whole });
    const now = after([
      typed("I will"),
      shown("I will check that"),
      typed("I will c"),
      shown("I will check that"),
      shown("I will call you"),
      { type: "completed", text: "I will call you", at: 0 },
    ]);
    expect(reportOf(now, 0)).toMatchObject({ phraseAutocompletePresentedCt: 2, phraseAutocompleteSelectedCt: 1 });
  });

  it("names the first set that was shown and the suggestion that was taken", () => {
    const now = after([{ type: "shown", set: "s0" }, { type: "shown", set: "s1" }, chose()]);
    expect(reportOf(now, 0)).toMatchObject({
      initialSuggestionsId: "s0",
      selectedSuggestionsId: "s1",
      selectedSuggestionIndex: 1,
      selectedSuggestionText: "How may I help?",
    });
  });
});

describe("corrected words", () => {
  const now = after([typed("How is tihs "), { type: "corrected", text: "How is this ", at: 0, correction: TIHS }]);

  // spec: CMP-074
  it("stay marked where they stand while one writes before and behind them", () => {
    expect(next(now, typed("How is this going")).corrections).toEqual([TIHS]);
    expect(next(now, typed("Oh! How is this ")).corrections).toEqual([{ ...TIHS, from: 11, to: 15 }]);
    expect(next(now, { type: "submitted", at: 1 }).corrections).toEqual([]);
  });

  it("are the agent's own once they are changed", () => {
    expect(next(now, typed("How is that ")).corrections).toEqual([]);
  });
});
