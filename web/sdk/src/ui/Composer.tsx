import { useStore } from "@rapport/kit/preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { SendIcon } from "./icons";
import { useView } from "./view";

export const LONGEST_MESSAGE = 4_000;
/** The counter appears when this many characters are left. */
const COUNTED_FROM = 400;

/** Where the customer writes. Enter sends, Shift+Enter breaks the line; a draft outlives a reload. */
export function Composer() {
  const { chat, speech, tab, showing } = useView();
  const { isOpen, takesFocus } = useStore(showing);
  const [draft, setDraft] = useState(() => tab.get("draft") ?? "");
  const field = useRef<HTMLTextAreaElement>(null);
  const canSend = draft.trim() !== "" && draft.length <= LONGEST_MESSAGE;

  const write = (text: string) => {
    setDraft(text);
    tab.set("draft", text === "" ? null : text);
  };
  const send = () => {
    if (!canSend) return;
    chat.send(draft.trim());
    write("");
    field.current?.focus();
  };

  useLayoutEffect(() => grow(field.current), [draft, isOpen]);
  useLayoutEffect(() => {
    // On a touch screen the keyboard would hide half of what somebody wants to read first.
    if (isOpen && takesFocus && !matchMedia("(pointer: coarse)").matches) field.current?.focus();
  }, [isOpen, takesFocus]);

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="field">
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          value={draft}
          maxLength={LONGEST_MESSAGE}
          aria-label={speech.say("message")}
          placeholder={speech.say("placeholder")}
          enterkeyhint="send"
          onInput={(event) => {
            write(event.currentTarget.value);
            chat.typing(event.currentTarget.value !== "");
          }}
          onKeyDown={(event) => {
            // Enter also confirms a word in an input method editor.
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <button type="submit" class="send" aria-label={speech.say("send")} disabled={!canSend}>
          <SendIcon />
        </button>
      </div>
      <Counter left={LONGEST_MESSAGE - draft.length} />
    </form>
  );
}

function Counter({ left }: { left: number }) {
  const { speech } = useView();
  const isShown = left <= COUNTED_FROM;
  return (
    <p class="counter" role="status" data-shown={isShown} data-full={left <= 0}>
      {isShown && speech.say("charactersLeft", { count: left })}
    </p>
  );
}

/** As high as its words, up to what the style sheet allows. */
function grow(field: HTMLTextAreaElement | null): void {
  if (!field) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
