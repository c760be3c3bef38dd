import { IconHome } from "@tabler/icons-react";
import { Fragment, lazy, Suspense, useEffect, useRef, type ComponentType } from "react";
import { Link, useLocation } from "wouter";
import { ErrorBoundary } from "../components/ErrorBoundary";
import { NotFound } from "../components/NotFound";
import { Splash } from "../components/Splash";
import { t } from "../i18n";
import { useAreas, type Area, type PagePath } from "./areas";
import styles from "./Console.module.css";
import { Home } from "./Home";

const CONTENTS: Readonly<Record<PagePath, ComponentType>> = {
  responses: lazy(() => import("./responses/Responses")),
  composer: lazy(() => import("./compose-settings/ComposerSettings")),
  blocklist: lazy(() => import("./blocklist/Blocklist")),
  metrics: lazy(() => import("./metrics/Metrics")),
  dictionary: lazy(() => import("./dictionary/Dictionary")),
  models: lazy(() => import("./models/Models")),
  sandbox: lazy(() => import("./sandbox/Sandbox")),
  people: lazy(() => import("./people/People")),
  "single-sign-on": lazy(() => import("./single-sign-on/SingleSignOn")),
  redaction: lazy(() => import("./redaction/Redaction")),
  audit: lazy(() => import("./audit/Audit")),
};

/** What administrators set up. */
export default function Console() {
  const areas = useAreas();
  const [address] = useLocation();
  const here = address.split("/")[2] ?? "";
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone the pages stand in one line, longer than the screen.
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [here]);
  const Content = here === "" ? Home : contentOf(here, areas);
  return (
    <div className={styles.console}>
      <nav ref={nav} className={styles.nav} aria-label={t("nav.console")}>
        <Link href="/console" className={styles.link} aria-current={here === "" ? "page" : undefined}>
          <IconHome size={18} aria-hidden="true" />
          {t("console.home")}
        </Link>
        {areas.map(({ label, pages }) => (
          <Fragment key={label}>
            <h2 className={styles.area}>{t(label)}</h2>
            {pages.map(({ path, label, Icon }) => (
              <Link key={path} href={`/console/${path}`} className={styles.link} aria-current={path === here ? "page" : undefined}>
                <Icon size={18} aria-hidden="true" />
                {t(label)}
              </Link>
            ))}
          </Fragment>
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

/** A page that this person may not open is to them as one that does not exist. */
function contentOf(path: string, areas: readonly Area[]): ComponentType {
  const isOpen = areas.some(({ pages }) => pages.some((page) => page.path === path));
  return isOpen ? CONTENTS[path as PagePath] : NotFound;
}
