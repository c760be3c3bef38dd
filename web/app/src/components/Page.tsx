import type { ReactNode } from "react";
import styles from "./Page.module.css";

interface PageProps {
  title: string;
  hint?: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page of settings: what it is, what can be done, and the thing itself. */
export const Page = ({ title, hint, actions, children }: PageProps) => (
  <div className={styles.page}>
    <header className={styles.header}>
      <div className={styles.words}>
        <h1 className={styles.title}>{title}</h1>
        {hint && <p className={styles.hint}>{hint}</p>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
    {children}
  </div>
);
