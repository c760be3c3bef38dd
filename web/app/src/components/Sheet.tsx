import type { ReactNode } from "react";
import styles from "./Sheet.module.css";

/** A table that scrolls sideways on its own, reachable by keyboard. */
export const Sheet = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className={styles.sheet} tabIndex={0} role="group" aria-label={label}>
    <table>{children}</table>
  </div>
);
