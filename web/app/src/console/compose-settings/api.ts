import { call } from "../../platform/http";

export const SWITCHES = [
  "autocomposeDisabled",
  "suggestionsWhileTypingDisabled",
  "phraseCompletionsDisabled",
  "spellcheckDisabled",
  "autopilotGreetingsDisabled",
] as const;
export type Switch = (typeof SWITCHES)[number];

export type Defaults = Record<Switch, boolean> & { controlShare: number };

/** What an agent has of its own; null follows the company. */
export type Own = Record<Switch, boolean | null>;

export interface Exceptional {
  agentId: string;
  own: Own;
  holds: Record<Switch, boolean>;
}

export interface Greetings {
  enabled: boolean;
  delaySeconds: number;
  triggerAfterSeconds: number;
  greetingGeneric: string;
  greetingCustomerName: string;
}

/** How a switch is called on screen. */
export const NAMES = {
  autocomposeDisabled: "autocompose",
  suggestionsWhileTypingDisabled: "typing",
  phraseCompletionsDisabled: "phrases",
  spellcheckDisabled: "spelling",
  autopilotGreetingsDisabled: "autopilot",
} as const satisfies Record<Switch, string>;

export const DEFAULTS = ["composer", "switches"] as const;
export const EXCEPTIONS = ["composer", "agents"] as const;
export const GREETINGS = ["composer", "greetings"] as const;

const BASE = "/console/v1/compose";
const AGENTS = `${BASE}/switches/agents`;

export const fetchDefaults = (signal: AbortSignal) => call<Defaults>(`${BASE}/switches`, { signal });

export const changeDefaults = (change: Partial<Defaults>) =>
  call<Defaults>(`${BASE}/switches`, { method: "PATCH", body: change });

export const fetchExceptions = (signal: AbortSignal) => call<{ items: Exceptional[] }>(AGENTS, { signal });

export const setException = (agentId: string, own: Own) =>
  call<Exceptional>(AGENTS, { method: "PUT", query: { agentId }, body: own });

export const removeException = (agentId: string) => call<void>(AGENTS, { method: "DELETE", query: { agentId } });

export const fetchGreetings = (signal: AbortSignal) => call<Greetings>(`${BASE}/greetings`, { signal });

export const changeGreetings = (change: Partial<Greetings>) =>
  call<Greetings>(`${BASE}/greetings`, { method: "PATCH", body: change });
