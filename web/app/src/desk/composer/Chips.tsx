import { Kbd } from "@mantine/core";
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
          aria-label={t("composer.suggestion", { text })}
          title={text}
          onClick={() => onChoose(text)}
        >
          <Kbd size="xs" className={styles.key} aria-hidden="true">
            {index + 1}
          </Kbd>
          <span className={styles.words}>{text}</span>
        </button>
      ))}
    </div>
  );
});
