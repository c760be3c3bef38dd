import { useStore } from "@rapport/kit/preact";
import type { ChatState } from "../session/chat";
import { useEffect, useRef } from "preact/hooks";
import { Banner } from "./Banner";
import { Composer } from "./Composer";
import { Header } from "./Header";
import { RetryIcon } from "./icons";
import { FULL_SCREEN, useVisibleHeight } from "./screen";
import { Transcript } from "./Transcript";
import { useView } from "./view";

/** The window of the chat: a dialog beside the page, or all of a phone's screen. */
export function Panel() {
  const view = useView();
  const { chat, showing } = view;
  const state = useStore(chat);
  const { takesFocus } = useStore(showing);
  const panel = useRef<HTMLDivElement>(null);
  useVisibleHeight(panel);
  useReading(state);
  useEffect(() => {
    const isTouch = matchMedia("(pointer: coarse)").matches;
    if (takesFocus && isTouch) panel.current?.focus();
  }, [takesFocus]);
  return (
    <div
      ref={panel}
      class="panel"
      part="panel"
      role="dialog"
      aria-labelledby="rapport-title"
      aria-modal={matchMedia(FULL_SCREEN).matches}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          view.close();
        } else if (event.key === "Tab" && matchMedia(FULL_SCREEN).matches) {
          keepInside(event, panel.current!);
        }
      }}
    >
      <Header />
      <Banner />
      <Body state={state} />
      <Composer />
    </div>
  );
}

function Body({ state }: { state: ChatState }) {
  const { chat, speech } = useView();
  const { phase, connection, conversations, outbox } = state;
  if (phase === "refused" || (phase === "ready" && connection === "closed")) {
    return (
      <div class="notice" role="alert">
        <p>{speech.say("refused")}</p>
        <button type="button" class="pill" onClick={() => chat.again()}>
          <RetryIcon />
          {speech.say("tryAgain")}
        </button>
      </div>
    );
  }
  const isEmpty = conversations.every((one) => one.timeline.entries.length === 0) && outbox.length === 0;
  const isLoading = phase === "idle" || phase === "starting" || conversations.some((one) => one.status === "loading");
  if (isEmpty && isLoading) return <Loading />;
  if (isEmpty && phase === "unavailable") return <p class="notice">{speech.say("unavailable")}</p>;
  return <Transcript />;
}

function Loading() {
  const { speech } = useView();
  return (
    <div class="loading" role="status">
      <span class="hidden">{speech.say("loading")}</span>
      <span class="bone theirs" />
      <span class="bone theirs short" />
      <span class="bone mine" />
    </div>
  );
}

/** What is on a visible screen is read. */
function useReading({ unread }: ChatState): void {
  const { chat } = useView();
  useEffect(() => {
    const read = () => {
      if (document.visibilityState === "visible") chat.markRead();
    };
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [chat, unread]);
}

/** On a full screen there is nothing behind the dialog to tab to. */
function keepInside(event: KeyboardEvent, panel: HTMLElement): void {
  const stops = [...panel.querySelectorAll<HTMLElement>("a[href], button:not(:disabled), textarea, [tabindex='0']")];
  const [first, last] = [stops[0], stops.at(-1)];
  const active = (panel.getRootNode() as ShadowRoot).activeElement;
  const leaves = event.shiftKey ? active === first || active === panel : active === last;
  if (!leaves) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}
