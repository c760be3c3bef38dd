import { memo } from "react";
import { piecesOf } from "./inserts";
import styles from "./Pieces.module.css";

interface PiecesProps {
  text: string;
  /** Inserts that the dictionary does not have. */
  unknown?: readonly string[];
}

/** A response's text, its inserts shown as what they are. */
export const Pieces = memo(function Pieces({ text, unknown = [] }: PiecesProps) {
  return (
    <>
      {piecesOf(text).map((piece, index) =>
        piece.isInsert ? (
          <span key={index} className={styles.insert} data-unknown={unknown.includes(piece.text)}>
            {`{${piece.text}}`}
          </span>
        ) : (
          piece.text
        ),
      )}
    </>
  );
});
