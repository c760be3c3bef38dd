import { memo } from "react";
import { t } from "../../i18n";
import type { Suggestion } from "../../platform/types";
import styles from "./Composer.module.css";

interface ChipsProps {
  suggestions: readonly Suggestion[];
  onChoose: (text: string) => void;
}

/** Up to three replies to take whole. The row keeps its height, so that nothing moves. */
export const Chips = memo(function Chips({ suggestions, onChoose }: ChipsProps) {
  return (
    <div className={styles.chips} role="group" aria-label={t("composer.suggestions")}>
      {suggestions.length === 0 && <span className={styles.hint}>{t("composer.hint")}</span>}
      {suggestions.map(({ text }, index) => (
        <button
          key={index}
          type="button"
          className={styles.chip}
          aria-keyshortcuts={`Alt+${index + 1}`}
          title={text}
          onClick={() => onChoose(text)}
        >
          <span className={styles.key} data-key={index + 1} />
          <span className={styles.words}>{text}</span>
        </button>
      ))}
    </div>
  );
});
