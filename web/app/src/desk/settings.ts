/** What the company has switched off for its agents; absent is on. */
export interface Settings {
  suggestionsWhileTypingDisabled?: boolean;
  phraseCompletionsDisabled?: boolean;
  spellcheckDisabled?: boolean;
  autopilotGreetingsDisabled?: boolean;
  autocomposeDisabled?: boolean;
}
