import { useEffect, useId, useRef } from "react";
import { t } from "../../i18n";
import styles from "./Picker.module.css";

export interface Choice {
  id: string;
  title: string;
  text: string;
}

export interface PickerProps {
  id: string;
  label: string;
  choices: readonly Choice[];
  active: number;
  /** What stands in the place of the rows, when there are none. */
  note: string;
  onChoose: (index: number) => void;
}

export const rowOf = (list: string, index: number): string => `${list}-${index}`;

/** A list over the composer: the field keeps the focus and moves in it with its arrow keys. */
export function Picker({ id, label, choices, active, note, onChoose }: PickerProps) {
  const rows = useRef<HTMLDivElement>(null);
  const title = useId();
  useEffect(() => {
    rows.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [active, choices]);
  return (
    <div className={styles.picker}>
      <div className={styles.head}>
        <span id={title} className={styles.label}>
          {label}
        </span>
        <span className={styles.keys} aria-hidden="true">
          {t("compose.picker.keys")}
        </span>
      </div>
      {choices.length === 0 && (
        <p className={styles.note} role="status">
          {note}
        </p>
      )}
      <div ref={rows} id={id} className={styles.rows} role="listbox" aria-labelledby={title} hidden={choices.length === 0}>
        {choices.map((choice, index) => (
          <div
            key={choice.id}
            id={rowOf(id, index)}
            className={styles.row}
            role="option"
            aria-selected={index === active}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onChoose(index)}
          >
            {choice.title && <span className={styles.title}>{choice.title}</span>}
            <span className={styles.text}>{choice.text}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
