import { Link } from "wouter";
import { Page } from "../components/Page";
import { t } from "../i18n";
import { useTitle } from "../platform/useTitle";
import { useSession } from "../session/SessionContext";
import { useAreas } from "./areas";
import styles from "./Home.module.css";

/** Where an administrator begins: what there is to set up, by area. */
export function Home() {
  const areas = useAreas();
  const { company } = useSession();
  useTitle(t("nav.console"));
  return (
    <Page title={t("nav.console")} hint={t("console.home.hint", { company: company.name })}>
      {areas.map(({ label, pages }) => (
        <section key={label} className={styles.area} aria-labelledby={label}>
          <h2 className={styles.name} id={label}>
            {t(label)}
          </h2>
          <ul className={styles.tiles}>
            {pages.map(({ path, label, hint, Icon }) => (
              <li key={path}>
                <Link href={`/console/${path}`} className={styles.tile} aria-describedby={hint}>
                  <span className={styles.icon} aria-hidden="true">
                    <Icon size={22} stroke={1.7} />
                  </span>
                  <span className={styles.title}>{t(label)}</span>
                </Link>
                <p className={styles.hint} id={hint}>
                  {t(hint)}
                </p>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Page>
  );
}
