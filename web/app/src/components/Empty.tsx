import type { ReactNode } from "react";
import styles from "./Empty.module.css";

interface EmptyProps {
  icon: ReactNode;
  title: string;
  hint?: string;
  action?: ReactNode;
}

/** A place with nothing in it yet: what it is, and what to do. */
export const Empty = ({ icon, title, hint, action }: EmptyProps) => (
  <div className={styles.empty}>
    <div className={styles.icon} aria-hidden="true">
      {icon}
    </div>
    <p className={styles.title}>{title}</p>
    {hint && <p className={styles.hint}>{hint}</p>}
    {action && <div className={styles.action}>{action}</div>}
  </div>
);
