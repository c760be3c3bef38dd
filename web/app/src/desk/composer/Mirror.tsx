import { Fragment, type ReactNode, type Ref } from "react";
import styles from "./Field.module.css";
import type { Correction } from "./machine";
import { placeholdersOf } from "./texts";

interface MirrorProps {
  ref: Ref<HTMLDivElement>;
  text: string;
  corrections: readonly Correction[];
  ghost: string;
}

/** What stands under the field's own text: lines under corrected words, open placeholders, the ghost. */
export const Mirror = ({ ref, text, corrections, ghost }: MirrorProps) => (
  <div ref={ref} className={styles.mirror} aria-hidden="true" dir="auto">
    <span className={styles.typed}>{marked(text, corrections)}</span>
    <span className={styles.ghost}>{ghost}</span>
    {"\u200b"}
  </div>
);

function marked(text: string, corrections: readonly Correction[]): ReactNode[] {
  const marks = [
    ...corrections.map(({ id, from, to }) => ({ from, to, id, isOpen: false })),
    ...placeholdersOf(text).map(({ from, to }) => ({ from, to, id: "", isOpen: true })),
  ].sort((one, other) => one.from - other.from);
  const parts: ReactNode[] = [];
  let at = 0;
  for (const { from, to, id, isOpen } of marks) {
    if (from < at) continue;
    parts.push(<Fragment key={at}>{text.slice(at, from)}</Fragment>);
    parts.push(
      <mark key={`${from}-mark`} className={isOpen ? styles.open : styles.corrected} data-correction={id || undefined}>
        {text.slice(from, to)}
      </mark>,
    );
    at = to;
  }
  parts.push(<Fragment key="rest">{text.slice(at)}</Fragment>);
  return parts;
}
