import { ActionIcon } from "@mantine/core";
import { IconSend2 } from "@tabler/icons-react";
import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from "react";
import { t } from "../../i18n";
import { isBehindDialog } from "../../platform/keys";
import { takeFocusWish } from "../focus";
import { Chips } from "./Chips";
import styles from "./Composer.module.css";
import { ghostOf } from "./ghost";
import { useDraft } from "./useDraft";
import { useSuggestions } from "./useSuggestions";

interface ComposerProps {
  conversation: string;
  customer: string;
  /** The newest message: each one asks for new suggestions. */
  lastSeq: number;
  /** The newest one of an agent; infinite while one is on its way. */
  ownSeq: number;
  onSend: (text: string) => void;
  onTyping: (is: boolean) => void;
}

/** Where an agent writes; give it the conversation as key. */
export function Composer({ conversation, customer, lastSeq, ownSeq, onSend, onTyping }: ComposerProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const [text, setText] = useDraft(conversation);
  const [atEnd, setAtEnd] = useState(true);
  const [hushed, setHushed] = useState(false);
  const suggestions = useSuggestions(conversation, lastSeq, ownSeq, text);
  const ghost = hushed || !atEnd ? "" : ghostOf(text, suggestions.map((one) => one.text));

  const write = useCallback((next: string, from: number) => replaceText(field.current, next, from), []);
  const choose = useCallback((chosen: string) => write(chosen, 0), [write]);

  useEffect(() => {
    if (takeFocusWish()) focusAtEnd(field.current);
  }, []);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const chosen = event.altKey ? suggestions[Number(/^Digit([1-3])$/.exec(event.code)?.[1]) - 1] : undefined;
      if (!chosen || isBehindDialog()) return;
      event.preventDefault();
      choose(chosen.text);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [suggestions, choose]);

  const changed = (next: string) => {
    setText(next);
    setHushed(false);
    onTyping(next.trim() !== "");
  };
  const send = () => {
    const words = text.trim();
    if (!words) return;
    onSend(words);
    setText("");
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    const plain = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
    const run = plain ? actionOf(event.key) : null;
    if (!run) return;
    event.preventDefault();
    run();
  };
  const actionOf = (key: string): (() => void) | null => {
    if (key === "Enter") return send;
    if (!ghost) return null;
    if (key === "Tab" || key === "ArrowRight") return () => write(ghost, text.length);
    return key === "Escape" ? () => setHushed(true) : null;
  };
  const noteCaret = () => {
    const { selectionStart, selectionEnd, value } = field.current!;
    setAtEnd(selectionStart === value.length && selectionEnd === value.length);
  };

  return (
    <div className={styles.composer}>
      <Chips suggestions={suggestions} onChoose={choose} />
      <div className={styles.box}>
        <div className={styles.stack}>
          <div ref={mirror} className={styles.mirror} aria-hidden="true" dir="auto">
            <span className={styles.typed}>{text}</span>
            <span className={styles.ghost}>{ghost}</span>
            {"\u200b"}
          </div>
          <textarea
            ref={field}
            className={styles.field}
            dir="auto"
            rows={1}
            value={text}
            aria-label={t("composer.label", { name: customer })}
            aria-description={ghost ? `${t("composer.tab")}: ${ghost}` : undefined}
            placeholder={ghost ? undefined : t("composer.placeholder")}
            enterKeyHint="send"
            onChange={(event) => changed(event.currentTarget.value)}
            onKeyDown={onKeyDown}
            onSelect={noteCaret}
            onScroll={(event) => void (mirror.current!.scrollTop = event.currentTarget.scrollTop)}
            onBlur={() => onTyping(false)}
          />
        </div>
        <ActionIcon
          className={styles.send}
          size={36}
          radius="md"
          variant="filled"
          aria-label={t("composer.send")}
          disabled={!text.trim()}
          onClick={send}
        >
          <IconSend2 size={19} />
        </ActionIcon>
      </div>
    </div>
  );
}

/** Puts `next` from `from` to the end the way a person would, so that Ctrl+Z takes it back. */
function replaceText(field: HTMLTextAreaElement | null, next: string, from: number): void {
  if (!field) return;
  field.focus();
  field.setSelectionRange(from, field.value.length);
  // The one call that keeps the browser's own undo history.
  document.execCommand("insertText", false, next);
  field.scrollTop = field.scrollHeight;
}

function focusAtEnd(field: HTMLTextAreaElement | null): void {
  field?.focus({ preventScroll: true });
  field?.setSelectionRange(field.value.length, field.value.length);
}
