import { CopyText } from "../../components/CopyText";
import { t } from "../../i18n";
import { Section } from "../compose-settings/Section";
import type { Addresses, Protocol } from "./api";
import styles from "./SingleSignOn.module.css";

const TOLD = {
  oidc: ["oidc_callback", "sign_in"],
  saml: ["saml_acs", "saml_metadata", "sign_in"],
} as const satisfies Record<Protocol, readonly (keyof Addresses)[]>;

/** What an administrator copies into the identity provider. */
export const AddressList = ({ protocol, addresses }: { protocol: Protocol; addresses: Addresses }) => (
  <Section title={t("signOn.tell")} hint={t("signOn.tell.hint")}>
    <dl className={styles.addresses}>
      {TOLD[protocol].map((name) => (
        <div key={name} className={styles.address}>
          <dt>{t(`signOn.tell.${name}`)}</dt>
          <dd>
            <CopyText text={addresses[name]} what={t(`signOn.tell.${name}`)} mono />
          </dd>
        </div>
      ))}
    </dl>
  </Section>
);
