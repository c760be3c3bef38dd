import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { t } from "../../i18n";
import { takeFocusWish } from "../focus";
import styles from "./Field.module.css";
import { fieldOf } from "./textarea";
import { Mirror } from "./Mirror";
import { useTip } from "./useTip";
import type { Writer, WriterState } from "./writer";

interface FieldProps {
  writer: Writer;
  state: WriterState;
  customer: string;
  /** The list that the field's arrow keys move in, and its chosen row. */
  list: { id: string; active: string | undefined } | null;
  onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
}

/** Where the words are written, with everything that stands in and behind them. */
export function Field({ writer, state, customer, list, onKeyDown }: FieldProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const [caret, setCaret] = useState(-1);
  const { composition, ghost } = state;
  const { text, corrections } = composition;
  const { tip, move, stay, leave } = useTip(mirror, corrections, caret);
  const latest = corrections.at(-1);

  useEffect(() => writer.attach(fieldOf(field.current!)), [writer]);
  useEffect(() => {
    if (takeFocusWish()) focusAtEnd(field.current!);
  }, []);
  const noteCaret = () => {
    const { selectionStart, selectionEnd, value } = field.current!;
    writer.caretMoved(selectionStart === value.length && selectionEnd === value.length);
    setCaret(selectionStart === selectionEnd ? selectionStart : -1);
  };
  return (
    <div className={styles.stack}>
      <Mirror ref={mirror} text={text} corrections={corrections} ghost={ghost?.rest ?? ""} />
      <textarea
        ref={field}
        className={styles.field}
        dir="auto"
        rows={1}
        value={text}
        aria-label={t("composer.label", { name: customer })}
        aria-description={ghost ? `${t("composer.tab")}: ${ghost.rest}` : undefined}
        aria-controls={list?.id}
        aria-activedescendant={list?.active}
        placeholder={ghost ? undefined : t("composer.placeholder")}
        enterKeyHint="send"
        onChange={({ currentTarget, nativeEvent }) =>
          writer.changed({
            text: currentTarget.value,
            caret: currentTarget.selectionStart,
            isUndo: (nativeEvent as InputEvent).inputType === "historyUndo",
          })
        }
        onKeyDown={onKeyDown}
        onSelect={noteCaret}
        onMouseMove={move}
        onMouseLeave={leave}
        onScroll={(event) => void (mirror.current!.scrollTop = event.currentTarget.scrollTop)}
        onBlur={() => {
          writer.talk.typing(false);
          setCaret(-1);
        }}
      />
      {tip && (
        <div
          className={styles.tip}
          style={{ left: tip.left, bottom: tip.bottom }}
          role="group"
          aria-label={t("compose.correction", { wrong: tip.correction.wrong })}
          onMouseEnter={stay}
          onMouseLeave={leave}
          onMouseDown={(event) => event.preventDefault()}
        >
          <button type="button" aria-keyshortcuts="Alt+Z" onClick={() => writer.undo(tip.correction.id)}>
            {t("compose.undo", { wrong: tip.correction.wrong })}
          </button>
          <button type="button" onClick={() => writer.learn(tip.correction.id)}>
            {t("compose.never", { wrong: tip.correction.wrong })}
          </button>
        </div>
      )}
      <span className="said" aria-live="polite">
        {latest && t("compose.corrected", { wrong: latest.wrong, right: latest.right })}
      </span>
    </div>
  );
}

function focusAtEnd(field: HTMLTextAreaElement): void {
  field.focus({ preventScroll: true });
  field.setSelectionRange(field.value.length, field.value.length);
}
