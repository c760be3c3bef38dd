import type { Store } from "@rapport/kit/stream";
import { recall, remember } from "../platform/memory";
import { emptyComposition, type Composition } from "./composer/machine";
import type { Desk } from "./composer/writer";
import type { Settings } from "./settings";

/** So many conversations are remembered as greeted: older ones are long past their beginning. */
const GREETED = 60;

/** What this browser keeps for one person: drafts, words never corrected, who was greeted. */
export function deskOf(person: string, settings: Store<Settings | null>): Desk {
  const draftKey = (conversation: string) => `draft.${person}.${conversation}`;
  const list = (name: string) => read<string[]>(`${name}.${person}`) ?? [];
  const keep = (name: string, values: string[]) => remember(`${name}.${person}`, JSON.stringify(values));
  return {
    settings,
    draft: (conversation) => draftOf(read<Partial<Composition>>(draftKey(conversation))),
    keepDraft: (conversation, composition) => {
      const isWorth = composition.text !== "" && composition.phase !== "DRAWER";
      remember(draftKey(conversation), isWorth ? JSON.stringify(composition) : null);
    },
    dictionary: () => list("dictionary"),
    learn: (word) => keep("dictionary", [...new Set([...list("dictionary"), word])]),
    isGreeted: (conversation) => list("greeted").includes(conversation),
    keepGreeted: (conversation) => keep("greeted", [...list("greeted"), conversation].slice(-GREETED)),
  };
}

/** A draft as it was left; fields that an older page did not know are as in an empty one. */
const draftOf = (kept: Partial<Composition> | null): Composition | null =>
  typeof kept?.text === "string" ? { ...emptyComposition(), ...kept } : null;

function read<T>(key: string): T | null {
  try {
    return JSON.parse(recall(key) ?? "null") as T | null;
  } catch {
    return null; // kept by an older page, in another form
  }
}
