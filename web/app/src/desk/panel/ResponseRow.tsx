import type { ReactNode } from "react";
import { t } from "../../i18n";
import type { Response } from "./api";
import styles from "./Panel.module.css";

interface ResponseRowProps {
  response: Response;
  /** The text as it would be said here. */
  text: string;
  depth: number;
  /** Null while there is no message to insert into. */
  onInsert: (() => void) | null;
  children?: ReactNode;
}

/** One response: a click inserts it. */
export const ResponseRow = ({ response, text, depth, onInsert, children }: ResponseRowProps) => (
  <div className={styles.response} style={{ paddingInlineStart: 10 + depth * 14 }}>
    <button
      type="button"
      className={styles.insert}
      title={t(onInsert ? "panel.insert" : "panel.insert.none")}
      aria-disabled={onInsert === null}
      // The field keeps its caret without being kept in focus: a row can be dragged by its text.
      onClick={() => onInsert?.()}
    >
      {response.title && <span className={styles.title}>{response.title}</span>}
      <span className={styles.text}>{text}</span>
    </button>
    {children}
  </div>
);
