import { IconBook2, IconHistory, IconShieldLock, IconUsers } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { Link } from "wouter";
import { ErrorBoundary } from "../components/ErrorBoundary";
import { NotFound } from "../components/NotFound";
import { Splash } from "../components/Splash";
import { t, type Key } from "../i18n";
import styles from "./Console.module.css";

const PAGES = [
  { path: "people", label: "console.people", Icon: IconUsers, Content: lazy(() => import("./people/People")) },
  { path: "redaction", label: "console.redaction", Icon: IconShieldLock, Content: lazy(() => import("./redaction/Redaction")) },
  { path: "responses", label: "console.responses", Icon: IconBook2, Content: lazy(() => import("./responses/Responses")) },
  { path: "audit", label: "console.audit", Icon: IconHistory, Content: lazy(() => import("./audit/Audit")) },
] as const satisfies readonly { label: Key; [key: string]: unknown }[];

/** What administrators set up. */
export default function Console({ page }: { page: string | null }) {
  const here = page ?? PAGES[0].path;
  const Content = PAGES.find(({ path }) => path === here)?.Content ?? NotFound;
  return (
    <div className={styles.console}>
      <nav className={styles.nav} aria-label={t("nav.console")}>
        {PAGES.map(({ path, label, Icon }) => (
          <Link key={path} href={`/console/${path}`} className={styles.link} aria-current={path === here ? "page" : undefined}>
            <Icon size={18} aria-hidden="true" />
            {t(label)}
          </Link>
        ))}
      </nav>
      <div className={styles.body} key={here}>
        <ErrorBoundary>
          <Suspense fallback={<Splash />}>
            <Content />
          </Suspense>
        </ErrorBoundary>
      </div>
    </div>
  );
}
