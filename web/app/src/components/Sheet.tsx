import type { ReactNode } from "react";
import styles from "./Sheet.module.css";

interface SheetProps {
  label: string;
  /** On a phone each row is a card of its own: its first cell heads it, `data-label` names what needs a name. */
  stacks?: boolean;
  children: ReactNode;
}

/** A table that scrolls sideways on its own, reachable by keyboard. */
export const Sheet = ({ label, stacks = false, children }: SheetProps) => (
  <div className={styles.sheet} data-stacks={stacks} tabIndex={0} role="group" aria-label={label}>
    <table>{children}</table>
  </div>
);
