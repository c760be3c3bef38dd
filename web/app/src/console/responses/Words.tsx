import { diffWordsWithSpace } from "diff";
import { memo } from "react";
import styles from "./Words.module.css";

/** One side of a change, word by word: what went is struck out, what came is marked. */
export const Words = memo(function Words({ before, after, which }: { before: string; after: string; which: "before" | "after" }) {
  const pieces = diffWordsWithSpace(before, after).filter(({ added, removed }) => (which === "before" ? !added : !removed));
  return (
    <span className={styles.words} dir="auto">
      {pieces.map(({ value, added, removed }, index) =>
        added ? <ins key={index}>{value}</ins> : removed ? <del key={index}>{value}</del> : value,
      )}
    </span>
  );
});
