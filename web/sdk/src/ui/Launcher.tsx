import { useStore } from "@rapport/kit/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { ChatIcon, DownIcon } from "./icons";
import { useView } from "./view";

/** The round button that opens and closes the chat, with the count of what was not read. */
export function Launcher() {
  const view = useView();
  const { unread } = useStore(view.chat);
  const { isOpen, takesFocus } = useStore(view.showing);
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (!isOpen && takesFocus) button.current?.focus();
  }, [isOpen, takesFocus]);
  const { say } = view.speech;
  const label = isOpen ? say("close") : unread > 0 ? say("openUnread", { count: unread }) : say("open");
  return (
    <button
      ref={button}
      type="button"
      class="launcher"
      part="launcher"
      aria-label={label}
      aria-expanded={isOpen}
      aria-haspopup="dialog"
      data-open={isOpen}
      onClick={isOpen ? view.close : view.open}
    >
      <span class="launcher-icon when-closed">
        <ChatIcon />
      </span>
      <span class="launcher-icon when-open">
        <DownIcon />
      </span>
      {unread > 0 && !isOpen && (
        <span class="badge" aria-hidden="true">
          {unread > 99 ? "99+" : unread}
        </span>
      )}
    </button>
  );
}
