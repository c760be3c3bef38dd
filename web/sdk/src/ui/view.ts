import type { Cell } from "@rapport/kit/stream";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Display } from "../api/settings";
import type { Chat } from "../session/chat";
import type { Memory } from "../session/memory";
import type { Speech } from "../words";

export interface Showing {
  readonly isOpen: boolean;
  /** True when somebody asked for it: only then may the focus move, in or back out. */
  readonly takesFocus: boolean;
  readonly hasBadge: boolean;
}

/** What every component needs, given once at the root. */
export interface View {
  readonly chat: Chat;
  readonly speech: Speech;
  readonly display: Display;
  readonly showing: Cell<Showing>;
  /** The last message of the other side, for screen readers. */
  readonly announcement: Cell<string>;
  readonly tab: Memory;
  open(): void;
  close(): void;
}

const Context = createContext<View | null>(null);

export const ViewProvider = Context.Provider;

export function useView(): View {
  const view = useContext(Context);
  if (!view) throw new Error("a component was drawn outside the widget");
  return view;
}
