import { diffWordsWithSpace } from "diff";
import { memo } from "react";
import styles from "./Words.module.css";

/** One side of a change, word by word: what went is struck out, what came is marked. */
export const Words = memo(function Words({ before, after, which }: { before: string; after: string; which: "before" | "after" }) {
  const pieces = diffWordsWithSpace(before, after).filter(({ added, removed }) => (which === "before" ? !added : !removed));
  const isKept = (index: number) => {
    const piece = pieces[index];
    return piece === undefined || (!piece.added && !piece.removed);
  };
  const Mark = which === "before" ? "del" : "ins";
  return (
    <span className={styles.words} dir="auto">
      {pieces.map(({ value }, index) => {
        // A space between two words that changed belongs to them.
        const isBetween = value.trim() === "" && !isKept(index - 1) && !isKept(index + 1);
        return isKept(index) && !isBetween ? value : <Mark key={index}>{value}</Mark>;
      })}
    </span>
  );
});
