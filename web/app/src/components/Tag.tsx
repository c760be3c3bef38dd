import type { ReactNode } from "react";
import styles from "./Tag.module.css";

type Tone = "plain" | "good" | "warn" | "bad" | "accent";

/** A word about the state of a thing. */
export const Tag = ({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) => (
  <span className={styles.tag} data-tone={tone}>
    {children}
  </span>
);
