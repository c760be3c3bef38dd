import { memo, type MouseEvent } from "react";
import { t } from "../../i18n";
import type { Suggestion } from "../../platform/types";
import styles from "./Tray.module.css";
import type { Way } from "./writer";

interface ChipsProps {
  suggestions: readonly Suggestion[];
  /** What stands there when nothing is offered. */
  hint: string;
  onChoose: (index: number, way: Way) => void;
}

/** Up to three replies to take. The row keeps its height, so that nothing moves. */
export const Chips = memo(function Chips({ suggestions, hint, onChoose }: ChipsProps) {
  const choose = (event: MouseEvent, index: number) => onChoose(index, event.shiftKey ? "insert" : "replace");
  return (
    <div className={styles.chips} role="group" aria-label={t("composer.suggestions")}>
      {suggestions.length === 0 && <span className={styles.hint}>{hint}</span>}
      {suggestions.map(({ text, title }, index) => (
        <button
          key={index}
          type="button"
          className={styles.chip}
          aria-keyshortcuts={`Alt+${index + 1}`}
          title={`${text}\n\n${t("compose.way")}`}
          // The field keeps the focus, so that writing goes on.
          onMouseDown={(event) => event.preventDefault()}
          onClick={(event) => choose(event, index)}
        >
          <span className={styles.key} data-key={index + 1} />
          {title ? <Titled title={title} text={text} /> : <span className={styles.words}>{text}</span>}
        </button>
      ))}
    </div>
  );
});

const Titled = ({ title, text }: { title: string; text: string }) => (
  <span className={styles.titled}>
    <span className={styles.title}>{title}</span>
    {/* A reminder for the eye: the button is called by its title. */}
    <span className={styles.preview} aria-hidden="true">
      {text}
    </span>
  </span>
);
