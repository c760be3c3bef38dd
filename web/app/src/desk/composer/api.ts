import { call } from "../../platform/http";
import type { Suggestion } from "../../platform/types";
import type { Report } from "./report";

const ROOT = "/autocompose/v1";

export interface Greeting {
  text: string;
  /** How long it is shown before it goes, and how long until it is shown: seconds. */
  delaySeconds?: number;
  triggerAfterSeconds?: number;
}

export interface SuggestionSet {
  id: string;
  suggestions?: Suggestion[];
  /** The whole text as it would be: what is typed, and how it goes on. */
  phraseCompletion?: { text?: string } | null;
  autopilotMessage?: Greeting | null;
}

/** Nothing is misspelled when the fields are absent. */
export interface Spelling {
  id?: string;
  misspelledText?: string;
  correctedText?: string;
  position?: number;
}

export interface TypingEvent {
  cursorStart: number;
  cursorEnd: number;
}

type EventType =
  | `suggestion-${number}-inserted`
  | "phrase-completion-accepted"
  | "spellcheck-applied"
  | "spellcheck-undone"
  | "custom-response-drawer-inserted"
  | "custom-panel-inserted"
  | "global-panel-inserted";

/** One act of the agent, told at once; `details` is the object its type asks for. */
export interface AnalyticEvent {
  type: EventType;
  details?: Record<string, unknown>;
}

/** The routes a composer uses. None of them may end the session: whoever writes goes on writing. */
export interface ComposeApi {
  suggest(conversation: string, query: string, signal: AbortSignal): Promise<SuggestionSet>;
  spell(text: string, typingEvent: TypingEvent, userDictionary: readonly string[], signal: AbortSignal): Promise<Spelling>;
  isProfane(text: string, signal: AbortSignal): Promise<boolean>;
  sent(conversation: string, message: string, report: Report): Promise<void>;
  tell(conversation: string, suggestionsId: string, event: AnalyticEvent): Promise<void>;
}

export const composeApi: ComposeApi = {
  suggest: (conversation, query, signal) => ask(`/conversations/${conversation}/suggestions`, { query }, signal),
  spell: (text, typingEvent, userDictionary, signal) =>
    ask("/spellcheck/correction", { text, typingEvent, userDictionary }, signal),
  isProfane: async (text, signal) =>
    (await ask<{ hasProfanity: boolean }>("/profanity/evaluation", { text }, signal)).hasProfanity,
  sent: (conversationId, messageId, report) => ask("/analytics/message-sent", { conversationId, messageId, ...report }),
  tell: (conversation, suggestionsId, { type, details }) =>
    ask(`/conversations/${conversation}/message-analytic-events`, { type, suggestionsId, ...details }),
};

function ask<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  // What has no signal is told when the page may be about to close.
  return call(ROOT + path, { method: "POST", body, ...(signal ? { signal } : { keepalive: true }), isAside: true });
}
