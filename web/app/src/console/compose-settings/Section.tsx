import type { UseQueryResult } from "@tanstack/react-query";
import { useId, type ReactNode } from "react";
import { Failure } from "../../components/Failure";
import { Splash } from "../../components/Splash";
import styles from "./ComposerSettings.module.css";

interface SectionProps {
  title: string;
  hint: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** Settings that belong together. */
export function Section({ title, hint, actions, children }: SectionProps) {
  const heading = useId();
  return (
    <section className={styles.section} aria-labelledby={heading}>
      <header className={styles.header}>
        <div>
          <h2 id={heading} className={styles.title}>
            {title}
          </h2>
          <p className={styles.hint}>{hint}</p>
        </div>
        {actions}
      </header>
      {children}
    </section>
  );
}

/** What a section says while its settings are on their way, or could not be read. */
export const Awaited = ({ query }: { query: UseQueryResult<unknown> }) =>
  query.isError ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Splash />;

interface SettingProps {
  name: string;
  hint: string;
  children: ReactNode;
}

/** One setting: what it is, and how it stands. */
export const Setting = ({ name, hint, children }: SettingProps) => (
  <div className={styles.setting}>
    <div className={styles.words}>
      <div className={styles.name}>{name}</div>
      <div className={styles.hint}>{hint}</div>
    </div>
    {children}
  </div>
);
