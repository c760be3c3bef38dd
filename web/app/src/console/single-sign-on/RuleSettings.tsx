import { Select } from "@mantine/core";
import { Toggle } from "../../components/Toggle";
import { t } from "../../i18n";
import type { PersonRole } from "../../platform/types";
import { Section, Setting } from "../compose-settings/Section";
import { CREATED_ROLES, type Rules } from "./api";
import styles from "./SingleSignOn.module.css";

const SWITCHES = [
  ["enabled", "signOn.enabled"],
  ["links_by_email", "signOn.links"],
  ["creates_people", "signOn.creates"],
] as const;

/** Who comes in through the provider, and as what. */
export function RuleSettings({ value, onChange }: { value: Rules; onChange: (value: Rules) => void }) {
  return (
    <Section title={t("signOn.people")} hint={t("signOn.people.hint")}>
      <div className={styles.rules}>
        {SWITCHES.map(([name, text]) => (
          <Setting key={name} name={t(text)} hint={t(`${text}.hint`)}>
            <Toggle isOn={value[name]} label={t(text)} onChange={(on) => onChange({ ...value, [name]: on })} />
          </Setting>
        ))}
        <Setting name={t("signOn.role")} hint={t("signOn.role.hint")}>
          <Select
            className={styles.role}
            aria-label={t("signOn.role")}
            data={CREATED_ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
            value={value.default_role}
            onChange={(role) => role && onChange({ ...value, default_role: role as PersonRole })}
            disabled={!value.creates_people}
            allowDeselect={false}
          />
        </Setting>
      </div>
    </Section>
  );
}
