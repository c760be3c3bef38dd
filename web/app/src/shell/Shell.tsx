import type { ReactNode } from "react";
import { Link } from "wouter";
import { Mark } from "../components/Mark";
import { AssistProvider } from "../desk/Assist";
import { DeskProvider } from "../desk/DeskProvider";
import { StatusSwitch } from "../desk/StatusSwitch";
import { t } from "../i18n";
import { homeOf, placesOf, useSession } from "../session/SessionContext";
import { Banner } from "./Banner";
import { ConsoleMenu } from "./ConsoleMenu";
import { useDestinations } from "./destinations";
import { KeysProvider } from "./Keys";
import styles from "./Shell.module.css";
import { UserMenu } from "./UserMenu";

/** What surrounds every screen: where one is, who one is, and whether the line is up. */
export function Shell({ children }: { children: ReactNode }) {
  const { person } = useSession();
  const hasDesk = placesOf(person.role).includes("desk");
  const frame = (
    <KeysProvider>
      <div className={styles.shell}>
        <a className={styles.skip} href="#main">
          {t("nav.skip")}
        </a>
        <TopBar hasDesk={hasDesk} />
        <main id="main" className={styles.main} tabIndex={-1}>
          {children}
        </main>
        <Banner />
      </div>
    </KeysProvider>
  );
  if (!hasDesk) return frame;
  return (
    <DeskProvider>
      <AssistProvider>{frame}</AssistProvider>
    </DeskProvider>
  );
}

function TopBar({ hasDesk }: { hasDesk: boolean }) {
  const { person, company } = useSession();
  const destinations = useDestinations();
  return (
    <header className={styles.bar}>
      {placesOf(person.role).includes("console") && <ConsoleMenu />}
      <Link href={homeOf(person.role)} className={styles.brand}>
        <Mark size={26} />
        <span className={styles.wide}>{t("app.name")}</span>{" "}
        <span className={`${styles.company} truncate`}>{company.name}</span>
      </Link>
      {destinations.length > 1 && (
        <nav className={styles.nav} aria-label={t("nav.main")}>
          {destinations.map(({ href, label, isHere }) => (
            <Link key={href} href={href} className={styles.link} aria-current={isHere ? "page" : undefined}>
              {label}
            </Link>
          ))}
        </nav>
      )}
      <div className={styles.end}>
        {hasDesk && <StatusSwitch />}
        <UserMenu />
      </div>
    </header>
  );
}
