import { Cell, type ConversationState, type Entry, type Pending, type Store } from "@rapport/kit/stream";
import type { Settings } from "../settings";
import type { AnalyticEvent, ComposeApi, SuggestionSet, TypingEvent } from "./api";
import { ghostOf, type Ghost } from "./ghost";
import { Greeter, type Greeted } from "./greeter";
import { emptyComposition, next, type Act, type Composition, type Correction, type Insertion } from "./machine";
import { GREETED, reportOf } from "./report";
import { CHECK_MS, deadlineIn, inTime, reportSent, SPELL_MS, whenStored } from "./sending";
import { misspelled, stillStands } from "./spelling";
import { Suggesting, type Offered, type Question } from "./suggesting";
import { changeOf, placeholdersOf, wordBefore } from "./texts";

/** The conversation as a writer needs it. */
export interface Talk extends Store<ConversationState> {
  readonly id: string;
  send(text: string, key?: string): Pending;
  typing(is: boolean): void;
}

/** The text field on screen. `replace` is done as a person would, so that it can be taken back. */
export interface Field {
  replace(from: number, to: number, text: string): void;
  select(from: number, to: number): void;
  caret(): { from: number; to: number };
  focus(): void;
}

/** What this browser remembers for the person. */
export interface Desk {
  readonly settings: Store<Settings | null>;
  draft(conversation: string): Composition | null;
  keepDraft(conversation: string, composition: Composition): void;
  dictionary(): readonly string[];
  learn(word: string): void;
  isGreeted(conversation: string): boolean;
  keepGreeted(conversation: string): void;
}

export interface WriterState {
  readonly composition: Composition;
  readonly offered: Offered;
  readonly ghost: Ghost | null;
  readonly greeting: Greeted | null;
  /** Escape was pressed: no ghost, and digits are digits, until the text changes. */
  readonly isHushed: boolean;
}

export interface Typed {
  text: string;
  caret: number;
  isUndo: boolean;
}

export type Way = "replace" | "insert";

type Made = Exclude<Act, { type: "typed" | "shown" | "phraseShown" | "submitted" | "sent" | "blocked" }>;
type Cause = Made extends infer One ? (One extends Made ? Omit<One, "text" | "at"> : never) : never;

/** One conversation's composer, without a screen: what is written, what helps, what is sent. */
export class Writer implements Store<WriterState> {
  readonly #cell: Cell<WriterState>;
  readonly #suggesting: Suggesting;
  readonly #greeter: Greeter;
  readonly #stops: (() => void)[];
  #field: Field | null = null;
  #cause: Cause | null = null;
  #isAtEnd = true;
  #lastSet = "";
  /** Messages that are being checked, or stored: each waits for the one before. */
  #underWay = 0;
  #line: Promise<void> = Promise.resolve();
  /** Up to here the spelling of what is typed was looked at. */
  #spelled = 0;

  constructor(
    readonly talk: Talk,
    private readonly api: ComposeApi,
    private readonly desk: Desk,
  ) {
    const { id } = talk;
    this.#suggesting = new Suggesting(
      (query, signal) => api.suggest(id, query, signal),
      (set, question) => this.#answered(set, question),
    );
    this.#greeter = new Greeter(
      desk.isGreeted(id),
      (greeting) => this.#set({ greeting }),
      (text) => this.#greet(text),
      () => desk.keepGreeted(id),
    );
    this.#cell = new Cell<WriterState>({
      composition: desk.draft(id) ?? emptyComposition(),
      offered: this.#suggesting.get(),
      ghost: null,
      greeting: null,
      isHushed: false,
    });
    const refresh = () => this.#refresh();
    this.#stops = [
      // What was stored is reported before anything is asked about what comes next.
      talk.subscribe(() => queueMicrotask(refresh)),
      desk.settings.subscribe(refresh),
      this.#suggesting.subscribe(() => this.#offer()),
    ];
    this.#refresh();
  }

  get = (): WriterState => this.#cell.get();

  subscribe = (listener: () => void): (() => void) => this.#cell.subscribe(listener);

  close(): void {
    for (const stop of this.#stops) stop();
    this.#suggesting.close();
    this.#greeter.close();
  }

  attach(field: Field): () => void {
    this.#field = field;
    return () => {
      if (this.#field === field) this.#field = null;
    };
  }

  focus(): void {
    this.#field?.focus();
  }

  select(from: number, to: number): void {
    this.#field?.select(from, to);
  }

  /** The words that are selected, or all of them. */
  selected(): string {
    const { from, to } = this.#caret();
    const { text } = this.#composition;
    return (from === to ? text : text.slice(from, to)).trim();
  }

  /** The field's text changed, by the person or by `#edit`. */
  changed({ text, caret, isUndo }: Typed): void {
    const before = this.#composition;
    const cause = this.#cause;
    this.#cause = null;
    this.#greeter.cancel();
    const at = Date.now();
    this.#act(cause ? ({ ...cause, text, at } as Act) : { type: "typed", text, at, isUndo });
    this.talk.typing(text.trim() !== "" && this.#composition.phase !== "DRAWER");
    const change = changeOf(before.text, text);
    this.#spelled = Math.min(this.#spelled, change.from);
    // Whoever takes a suggestion back wants to write: then a digit is a digit.
    if (isUndo && text === "") this.hush();
    const isSpace = change.added - change.removed === 1 && text[caret - 1] === " ";
    if (!cause && isSpace) {
      // First what to say, then how it is spelt: the order in which they are asked for.
      this.#suggesting.flush();
      void this.#spell({ cursorStart: caret - 1, cursorEnd: caret });
    }
  }

  /** The caret moved; the ghost stands only behind the end. */
  caretMoved(isAtEnd: boolean): void {
    if (this.#isAtEnd === isAtEnd) return;
    this.#isAtEnd = isAtEnd;
    this.#offer();
  }

  hush(): void {
    this.#set({ isHushed: true, ghost: null });
  }

  choose(index: number, way: Way): void {
    const { suggestions, set } = this.get().offered;
    const chosen = suggestions[index];
    if (!chosen) return;
    this.#tell({ type: `suggestion-${index + 1}-inserted` }, set);
    const choice = { set, index: index + 1, text: chosen.text };
    const { from, to } = way === "replace" ? this.#all() : this.#caret();
    this.#edit({ type: "chose", choice }, from, to, chosen.text);
    this.#selectPlaceholder(from, chosen.text);
  }

  /** Takes what stands grey behind the text; answers whether there was anything. */
  accept(): boolean {
    const { ghost, offered } = this.get();
    if (!ghost) return false;
    const end = this.#composition.text.length;
    if (ghost.by === "phrase") {
      this.#tell({ type: "phrase-completion-accepted" }, offered.set);
      this.#edit({ type: "completed" }, end, end, ghost.rest);
    } else {
      this.#tell({ type: `suggestion-${ghost.by + 1}-inserted` }, offered.set);
      const choice = { set: offered.set, index: ghost.by + 1, text: offered.suggestions[ghost.by]!.text };
      this.#edit({ type: "chose", choice }, end, end, ghost.rest);
    }
    return true;
  }

  /** Puts a text of a list where the caret is, or in the place of everything. */
  insert(kind: Insertion, text: string, way: Way, event: AnalyticEvent): void {
    this.#tell(event, this.#lastSet);
    const { from, to } = way === "replace" ? this.#all() : this.#caret();
    this.#edit({ type: "inserted", kind, taken: text }, from, to, text);
    this.#selectPlaceholder(from, text);
  }

  closeDrawer(): void {
    const { from, to } = this.#all();
    this.#replace(from, to, "");
  }

  /** Takes a correction back: the last one, or that of an id. */
  undo(id?: string): void {
    const { corrections } = this.#composition;
    const one = id === undefined ? corrections.at(-1) : corrections.find((each) => each.id === id);
    if (!one) return;
    const caret = this.#caret();
    this.#edit({ type: "undone", id: one.id }, one.from, one.to, one.wrong);
    const by = one.wrong.length - (one.to - one.from);
    const place = caret.to >= one.to ? caret.to + by : caret.to;
    this.#field?.select(place, place);
  }

  /** Takes a correction back and leaves that word alone from now on. */
  learn(id: string): void {
    const one = this.#composition.corrections.find((each) => each.id === id);
    if (one) this.desk.learn(one.wrong);
    this.undo(id);
  }

  cancelGreeting(): void {
    this.#greeter.cancel();
  }

  /** Sends what is written once it is checked; `isSure` with placeholders that nothing filled. */
  submit(isSure = false): void {
    const of = this.#composition;
    if (!of.text.trim() || of.phase === "DRAWER") return;
    if (!isSure && placeholdersOf(of.text).length > 0) return this.#act({ type: "blocked", block: "placeholder", of });
    this.#greeter.cancel();
    const at = Date.now();
    const isSpelled = this.#spelled >= of.text.trimEnd().length;
    this.#spelled = 0;
    this.#underWay += 1;
    this.#act({ type: "submitted", at });
    this.#suggesting.clear();
    this.talk.typing(false);
    const check = this.#check(of, isSpelled);
    this.#line = this.#line.then(async () => this.#checked(await check, at));
  }

  get #composition(): Composition {
    return this.get().composition;
  }

  get #settings(): Settings | null {
    return this.desk.settings.get();
  }

  #act(act: Act): void {
    const before = this.#composition;
    const composition = next(before, act);
    if (composition === before) return;
    if (composition.undone.length > before.undone.length) this.#tellUndone(before, composition);
    this.#set({ composition, isHushed: this.get().isHushed && composition.text === before.text });
    // Until it is really on its way, a reload brings back what was being sent.
    if (act.type !== "submitted") this.desk.keepDraft(this.talk.id, composition);
    this.#refresh();
    this.#offer();
  }

  #tellUndone(before: Composition, after: Composition): void {
    const gone = before.corrections.find((one) => !after.corrections.some((left) => left.id === one.id));
    if (gone) this.#tell({ type: "spellcheck-undone", details: { spellcheckUndone: { correctionId: gone.id } } }, this.#lastSet);
  }

  #set(change: Partial<WriterState>): void {
    this.#cell.change((now) => ({ ...now, ...change }));
  }

  #edit(cause: Cause, from: number, to: number, text: string): void {
    this.#cause = cause;
    this.#replace(from, to, text);
    // The same words again are no change that a field tells.
    if (this.#cause) this.#changedTo(from, to, text);
  }

  #replace(from: number, to: number, text: string): void {
    if (this.#field) this.#field.replace(from, to, text);
    else this.#changedTo(from, to, text);
  }

  #changedTo(from: number, to: number, text: string): void {
    const before = this.#composition.text;
    this.changed({ text: before.slice(0, from) + text + before.slice(to), caret: from + text.length, isUndo: false });
  }

  #all = () => ({ from: 0, to: this.#composition.text.length });

  #caret(): { from: number; to: number } {
    const end = this.#composition.text.length;
    return this.#field?.caret() ?? { from: end, to: end };
  }

  #selectPlaceholder(from: number, text: string): void {
    const first = placeholdersOf(text)[0];
    if (first) this.#field?.select(from + first.from, from + first.to);
  }

  /** Asks for what helps with what is written now, unless nothing may help. */
  #refresh(): void {
    const { entries, ended } = this.talk.get().timeline;
    const settings = this.#settings;
    if (this.#spokeAt() !== null) this.#greeter.end();
    if (!settings || settings.autocomposeDisabled || ended || this.#isSending()) return;
    const { phase, text } = this.#composition;
    const seq = entries.findLast((entry) => entry.kind === "message")?.seq ?? 0;
    if (seq === 0 || phase === "DRAWER") return;
    if (text !== "" && settings.suggestionsWhileTypingDisabled) return this.#suggesting.clear();
    const isOther = seq !== this.get().offered.question.seq;
    this.#suggesting.want({ query: text, seq }, isOther);
  }

  #isSending(): boolean {
    return this.#underWay > 0 || this.talk.get().outbox.some((one) => one.state !== "failed");
  }

  #answered(set: SuggestionSet, { query }: Question): void {
    this.#lastSet = set.id;
    const isShown = (set.suggestions ?? []).length > 0 || Boolean(set.phraseCompletion?.text);
    if (isShown) this.#act({ type: "shown", set: set.id });
    const mayGreet = query === "" && this.#spokeAt() === null && !this.#settings?.autopilotGreetingsDisabled;
    if (set.autopilotMessage && mayGreet && this.#composition.firstActionAt === null) {
      this.#greeter.offer(set.autopilotMessage);
    }
  }

  #offer(): void {
    const offered = this.#suggesting.get();
    const { composition, isHushed } = this.get();
    const mayShow = this.#isAtEnd && !isHushed && composition.phase !== "DRAWER";
    const ghost =
      mayShow && !this.#settings?.phraseCompletionsDisabled
        ? ghostOf(composition.text, offered.suggestions.map((one) => one.text), offered.phrase)
        : null;
    this.#set({ offered, ghost });
    if (ghost?.by === "phrase") this.#act({ type: "phraseShown", whole: composition.text + ghost.rest });
  }

  async #spell(typingEvent: TypingEvent): Promise<void> {
    const { phase } = this.#composition;
    if (phase === "DRAWER" || !this.#maySpell()) return;
    this.#spelled = typingEvent.cursorEnd;
    const found = await this.#misspelled(this.#composition, typingEvent, deadlineIn(CHECK_MS * 4));
    if (found && stillStands(found, this.#composition.text, this.#caret().to)) this.#correct(found);
  }

  #maySpell(): boolean {
    const settings = this.#settings;
    return settings !== null && !settings.spellcheckDisabled && !settings.autocomposeDisabled;
  }

  #misspelled(of: Composition, typing: TypingEvent, deadline: AbortSignal): Promise<Correction | null> {
    return inTime(misspelled(this.api, of, typing, this.desk.dictionary(), deadline), deadline, null);
  }

  #correct(correction: Correction): void {
    const { from, wrong, right } = correction;
    const caret = this.#caret();
    const by = right.length - wrong.length;
    const moved = (place: number) => (place >= from + wrong.length ? place + by : place);
    const spelled = this.#spelled + by;
    this.#edit({ type: "corrected", correction }, from, from + wrong.length, right);
    this.#spelled = spelled;
    this.#field?.select(moved(caret.from), moved(caret.to));
    this.#tellApplied(correction);
  }

  #tellApplied({ id }: Correction): void {
    this.#tell({ type: "spellcheck-applied", details: { spellcheckApplied: { correctionId: id } } }, this.#lastSet);
  }

  /** The last word, which no space has followed, and then whether it may go at all. */
  async #check(of: Composition, isSpelled: boolean): Promise<{ of: Composition; isRefused: boolean }> {
    const checked = isSpelled || !this.#maySpell() ? of : await this.#spellLast(of, deadlineIn(SPELL_MS));
    const deadline = deadlineIn(CHECK_MS);
    // A service that fails or is slow lets a message pass.
    const isRefused = await inTime(this.api.isProfane(checked.text.trim(), deadline), deadline, false);
    return { of: checked, isRefused };
  }

  async #spellLast(of: Composition, deadline: AbortSignal): Promise<Composition> {
    const end = of.text.trimEnd().length;
    const typing = { cursorStart: wordBefore(of.text, end), cursorEnd: end };
    const found = await this.#misspelled(of, typing, deadline);
    if (!found || !of.text.startsWith(found.wrong, found.from)) return of;
    const text = of.text.slice(0, found.from) + found.right + of.text.slice(found.from + found.wrong.length);
    this.#tellApplied(found);
    return next(of, { type: "corrected", text, at: Date.now(), correction: found });
  }

  #checked({ of, isRefused }: { of: Composition; isRefused: boolean }, at: number): void {
    this.#underWay -= 1;
    if (isRefused) {
      this.#act({ type: "blocked", block: "profanity", of });
      return;
    }
    const { key } = this.talk.send(of.text.trim());
    this.#act({ type: "sent" });
    const report = reportOf({ ...of, previousSentAt: of.previousSentAt ?? this.#spokeAt() }, at);
    whenStored(this.talk, key, (message) => void reportSent(this.api, this.talk.id, message, report));
  }

  #greet(text: string): void {
    if (this.#spokeAt() !== null) return;
    // The same key from every page of the agent: it is said once.
    const { key } = this.talk.send(text, `greeting-${this.talk.id}`);
    whenStored(this.talk, key, (message) => void reportSent(this.api, this.talk.id, message, GREETED));
  }

  /** When an agent last spoke here, by the log. */
  #spokeAt(): number | null {
    const last = this.talk.get().timeline.entries.findLast(isAgents);
    return last ? Date.parse(last.at) : null;
  }

  #tell(event: AnalyticEvent, set: string): void {
    // Help that came without a set has nothing to be credited to.
    if (set) void this.api.tell(this.talk.id, set, event).catch(() => undefined);
  }
}

const isAgents = (entry: Entry): boolean => entry.kind === "message" && entry.role === "agent";
