import { Page } from "../../components/Page";
import { t } from "../../i18n";
import { useTitle } from "../../platform/useTitle";
import styles from "./ComposerSettings.module.css";
import { Exceptions } from "./Exceptions";
import { GreetingSettings } from "./GreetingSettings";
import { Switches } from "./Switches";

/** Which help agents get while they write. */
export default function ComposerSettings() {
  useTitle(t("console.composer"));
  return (
    <Page title={t("console.composer")} hint={t("help.hint")}>
      <div className={styles.sections}>
        <Switches />
        <GreetingSettings />
        <Exceptions />
      </div>
    </Page>
  );
}
