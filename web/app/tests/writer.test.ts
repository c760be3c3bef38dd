import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SuggestionSet } from "../src/desk/composer/api";
import { Writer } from "../src/desk/composer/writer";
import { ApiError } from "../src/platform/http";
import type { Settings } from "../src/desk/settings";
import { deskWith, FakeApi, FakeTalk } from "./talks";

const SET: SuggestionSet = {
  id: "s1",
  suggestions: [{ text: "Your order is on its way.", templateText: "" }],
};
const never = <T>() => new Promise<T>(() => undefined);

describe("a writer", () => {
  let talk: FakeTalk;
  let writer: Writer;

  beforeEach(() => {
    vi.useFakeTimers();
    talk = new FakeTalk();
  });
  afterEach(() => {
    writer.close();
    vi.useRealTimers();
  });

  const pass = (ms = 60) => vi.advanceTimersByTimeAsync(ms);
  const open = async (api: FakeApi, settings: Settings = {}, desk = deskWith(settings)) => {
    writer = new Writer(talk, api, desk);
    await pass();
    return api;
  };
  const text = () => writer.get().composition.text;
  const type = async (words: string) => {
    for (const key of words) {
      const now = text() + key;
      writer.changed({ text: now, caret: now.length, isUndo: false });
      await pass();
    }
  };
  const offered = () => writer.get().offered.suggestions.map((one) => one.text);

  it("asks at once when a conversation opens, at every key, and after every message", async () => {
    const api = await open(new FakeApi());
    await type("Hi");
    talk.hears("customer", "Anybody?");
    await pass();
    expect(api.of("suggest")).toEqual(["", "H", "Hi", "Hi"]);
  });

  // spec: CMP-157
  it("shows the answer to what is typed now, however late an older one comes", async () => {
    const answers = new Map<string, (set: SuggestionSet) => void>();
    const suggest = (_: string, query: string) => new Promise<SuggestionSet>((resolve) => void answers.set(query, resolve));
    await open(new FakeApi({ suggest }));
    const answer = async (query: string) => {
      answers.get(query)!({ id: query, suggestions: [{ text: `for ${query}`, templateText: "" }] });
      await pass();
    };
    await type("He");
    await answer("He");
    await answer("H");
    await answer("");
    expect(offered()).toEqual(["for He"]);
    await type("y");
    expect(offered()).toEqual(["for He"]);
    await answer("Hey");
    expect(offered()).toEqual(["for Hey"]);
  });

  // spec: CMP-166
  it("types and sends while nothing answers, after the shortest wait", async () => {
    const api = await open(new FakeApi({ suggest: never, spell: never, isProfane: never, sent: never }));
    await type("Hello there ");
    writer.submit();
    expect(text()).toBe("");
    await type("And");
    await pass(1_000);
    expect([talk.said, text()]).toEqual([["Hello there"], "And"]);
    expect(api.of("profanity")).toEqual(["Hello there"]);
  });

  it("types and sends while everything fails", async () => {
    const fails = () => Promise.reject(new ApiError(500, "trouble", "500-01", "r-1"));
    await open(new FakeApi({ suggest: fails, spell: fails, isProfane: fails }));
    await type("Hello ");
    writer.submit();
    await pass(1);
    expect(talk.said).toEqual(["Hello"]);
  });

  it("checks the spelling, then the words, sends, reports what was stored, and asks again", async () => {
    const api = await open(new FakeApi({ suggest: () => Promise.resolve(SET) }));
    api.calls.length = 0;
    writer.choose(0, "replace");
    await pass();
    writer.submit();
    await pass();
    talk.stores();
    await pass();
    expect(api.names()).toEqual(["tell", "suggest", "spell", "profanity", "sent", "suggest"]);
    expect(api.of("sent")).toMatchObject([{ message: "M2", augmentationType: ["AUTOSUGGEST"], selectedSuggestionsId: "s1" }]);
  });

  it("reports again when the trouble may pass, and not when it will not", async () => {
    const refusals = [new ApiError(503, "busy"), new ApiError(422, "no")];
    const api = await open(new FakeApi({ sent: () => Promise.reject(refusals.shift()!) }));
    await type("Hi");
    writer.submit();
    await pass();
    talk.stores();
    await pass(5_000);
    expect(api.of("sent")).toHaveLength(2);
  });

  // spec: CMP-084
  it("keeps back what is profane, in its place, until it is changed", async () => {
    const api = await open(new FakeApi({ isProfane: (words) => Promise.resolve(words.includes("damn")) }));
    await type("damn it");
    writer.submit();
    await pass(1);
    expect([talk.said, text(), writer.get().composition.block]).toEqual([[], "damn it", "profanity"]);
    writer.changed({ text: "it", caret: 2, isUndo: false });
    writer.submit();
    await pass(1);
    expect(talk.said).toEqual(["it"]);
    expect(api.of("profanity")).toEqual(["damn it", "it"]);
  });

  it("keeps the order of messages whose checks come back in another", async () => {
    const waiting: ((is: boolean) => void)[] = [];
    await open(new FakeApi({ isProfane: () => new Promise((resolve) => void waiting.push(resolve)) }));
    for (const words of ["One ", "Two "]) {
      await type(words);
      writer.submit();
      await pass(1);
    }
    waiting[1]!(false);
    waiting[0]!(false);
    await pass(1);
    expect(talk.said).toEqual(["One", "Two"]);
  });

  const correcting = () =>
    new FakeApi({
      spell: (words, _, dictionary) => {
        const position = words.indexOf("tihs");
        const isWrong = position >= 0 && !dictionary.includes("tihs");
        return Promise.resolve(isWrong ? { id: "k1", misspelledText: "tihs", correctedText: "this", position } : {});
      },
    });

  // spec: CMP-073
  it("puts a wrong word right at the space behind it", async () => {
    const api = await open(correcting());
    await type("Is tihs ");
    expect(text()).toBe("Is this ");
    expect(api.of("spell")).toMatchObject([
      { text: "Is ", cursorStart: 2, cursorEnd: 3 },
      { text: "Is tihs ", cursorStart: 7, cursorEnd: 8 },
    ]);
  });

  // spec: CMP-076
  it("leaves a word alone that was taken back, in this message", async () => {
    await open(correcting());
    await type("Is tihs ");
    writer.undo();
    await type("tihs ");
    expect(text()).toBe("Is tihs tihs ");
    expect(writer.get().composition.augmentations).toEqual(["FLUENCY_APPLY", "FLUENCY_UNDO"]);
    writer.changed({ text: "", caret: 0, isUndo: false });
    await type("tihs ");
    expect(text()).toBe("this ");
  });

  it("leaves a word of the person's own dictionary alone for good", async () => {
    const desk = deskWith();
    await open(correcting(), {}, desk);
    await type("Is tihs ");
    writer.learn("k1");
    writer.changed({ text: "", caret: 0, isUndo: false });
    await type("tihs ");
    expect([text(), desk.words]).toEqual(["tihs ", ["tihs"]]);
  });

  it("corrects nothing that came from a list", async () => {
    const suggest = () => Promise.resolve({ id: "s1", suggestions: [{ text: "The Tihs lamp", templateText: "" }] });
    const api = await open(new FakeApi({ suggest }));
    writer.choose(0, "replace");
    await type(" ");
    expect(api.of("spell")).toMatchObject([{ dictionary: ["The", "Tihs", "lamp"] }]);
  });

  it("credits help to the set it came from", async () => {
    const api = await open(new FakeApi({ suggest: () => Promise.resolve({ ...SET, phraseCompletion: { text: "I will look" } }) }));
    writer.choose(0, "replace");
    writer.changed({ text: "I will", caret: 6, isUndo: false });
    await pass();
    writer.accept();
    expect(text()).toBe("I will look");
    expect(api.of("tell")).toEqual([
      { set: "s1", type: "suggestion-1-inserted" },
      { set: "s1", type: "phrase-completion-accepted" },
    ]);
  });

  it("asks before a placeholder goes out as it is", async () => {
    await open(new FakeApi());
    await type("Case {CASE_ID}");
    writer.submit();
    await pass(1_200);
    expect([talk.said, writer.get().composition.block]).toEqual([[], "placeholder"]);
    writer.submit(true);
    await pass(1_200);
    expect(talk.said).toEqual(["Case {CASE_ID}"]);
  });

  describe("whose company switched something off", () => {
    // spec: CMP-113
    it("is not helped at all, and is still checked and reported", async () => {
      const api = await open(new FakeApi(), { autocomposeDisabled: true });
      await type("Hi there ");
      writer.submit();
      await pass();
      talk.stores();
      await pass();
      expect(api.names()).toEqual(["profanity", "sent"]);
    });

    // spec: CMP-114
    it("is helped before typing only", async () => {
      const api = await open(new FakeApi({ suggest: () => Promise.resolve(SET) }), { suggestionsWhileTypingDisabled: true });
      expect(offered()).toHaveLength(1);
      await type("Hello");
      expect([offered(), api.of("suggest")]).toEqual([[], [""]]);
    });

    // spec: CMP-115
    it("has no word looked at", async () => {
      const api = await open(correcting(), { spellcheckDisabled: true });
      await type("Is tihs ");
      writer.submit();
      await pass();
      expect([api.of("spell"), talk.said]).toEqual([[], ["Is tihs"]]);
    });

    // spec: CMP-066
    it("sees no phrase", async () => {
      const suggest = () => Promise.resolve({ id: "s1", phraseCompletion: { text: "Hello there" } });
      await open(new FakeApi({ suggest }), { phraseCompletionsDisabled: true });
      await type("Hell");
      expect(writer.get().ghost).toBeNull();
    });
  });

  describe("with a greeting", () => {
    const greeting = { text: "Hello Sam", delaySeconds: 10, triggerAfterSeconds: 2 };
    const greets = () => new FakeApi({ suggest: () => Promise.resolve({ id: "s1", autopilotMessage: greeting }) });

    it("shows it after its moment and sends it at its end, once, without credit", async () => {
      const api = await open(greets());
      expect(writer.get().greeting).toBeNull();
      await pass(2_000);
      expect(writer.get().greeting?.text).toBe("Hello Sam");
      await pass(10_000);
      talk.stores();
      await pass(20_000);
      expect(talk.said).toEqual(["Hello Sam"]);
      expect(api.of("sent")).toMatchObject([{ message: "M2", augmentationType: [] }]);
    });

    it("never sends it once something was typed, also when the page is opened again", async () => {
      const desk = deskWith();
      await open(greets(), {}, desk);
      await pass(2_000);
      await type("H");
      writer.changed({ text: "", caret: 0, isUndo: false });
      writer.close();
      await open(greets(), {}, desk);
      await pass(60_000);
      expect([talk.said, writer.get().greeting]).toEqual([[], null]);
    });

    it("gives way to an agent who speaks on another page", async () => {
      await open(greets());
      await pass(2_000);
      talk.hears("agent", "Hi");
      await pass(60_000);
      expect([talk.said, writer.get().greeting]).toEqual([[], null]);
    });
  });
});
