import { Button, Group, SegmentedControl, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Confirm } from "../../components/Confirm";
import { explain } from "../../components/Failure";
import { Page } from "../../components/Page";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { useTitle } from "../../platform/useTitle";
import { Awaited, Section } from "../compose-settings/Section";
import { AddressList } from "./AddressList";
import { fetchSignOn, removeSignOn, saveSignOn, SIGN_ON, type Protocol, type SignOn } from "./api";
import { draftOf, isComplete, wantedBy, type Draft } from "./draft";
import { OidcFields, SamlFields } from "./Fields";
import { RuleSettings } from "./RuleSettings";
import styles from "./SingleSignOn.module.css";

/** How people sign in through the company's identity provider. */
export default function SingleSignOn() {
  useTitle(t("console.signOn"));
  const signOn = useQuery({ queryKey: SIGN_ON, queryFn: ({ signal }) => fetchSignOn(signal) });
  return (
    <Page title={t("console.signOn")} hint={t("signOn.hint")}>
      {signOn.data ? <Form key={signOn.data.connection?.updated_at ?? ""} signOn={signOn.data} /> : <Awaited query={signOn} />}
    </Page>
  );
}

function Form({ signOn: { connection, addresses } }: { signOn: SignOn }) {
  const [stored] = useState(() => draftOf(connection));
  const [draft, setDraft] = useState<Draft>(stored);
  const [removing, setRemoving] = useState(false);
  const saving = useChange(() => saveSignOn(wantedBy(draft)), {
    touches: SIGN_ON,
    isQuiet: true,
    onSuccess: () => notifications.show({ message: t("signOn.saved"), color: "teal" }),
  });
  const removal = useChange(removeSignOn, { touches: SIGN_ON, isQuiet: true });
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const hasSecret = connection?.oidc?.issuer === draft.oidc.issuer.trim();
  const isChanged = connection === null || JSON.stringify(draft) !== JSON.stringify(stored);
  return (
    <form
      className={styles.sections}
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <Section title={t("signOn.connection")} hint={t("signOn.connection.hint")}>
        <div className={styles.card}>
          <SegmentedControl
            className={styles.protocol}
            aria-label={t("signOn.protocol")}
            data={(["oidc", "saml"] as const).map((value) => ({ value, label: t(`signOn.protocol.${value}`) }))}
            value={draft.protocol}
            onChange={(value) => set({ protocol: value as Protocol })}
          />
          {draft.protocol === "oidc" ? (
            <OidcFields value={draft.oidc} hasSecret={hasSecret} onChange={(oidc) => set({ oidc })} />
          ) : (
            <SamlFields value={draft.saml} onChange={(saml) => set({ saml })} />
          )}
        </div>
      </Section>
      <AddressList protocol={draft.protocol} addresses={addresses} />
      <RuleSettings value={draft.rules} onChange={(rules) => set({ rules })} />
      {saving.isError && (
        <Text c="var(--bad)" role="alert">
          {explain(saving.error)}
        </Text>
      )}
      <Group justify="space-between">
        <Button variant="subtle" color="red" disabled={connection === null} onClick={() => setRemoving(true)}>
          {t("signOn.remove")}
        </Button>
        <Button type="submit" disabled={!isChanged || !isComplete(draft, hasSecret)} loading={saving.isPending}>
          {t("action.save")}
        </Button>
      </Group>
      <Confirm
        opened={removing}
        title={t("signOn.remove.title")}
        label={t("signOn.remove")}
        onConfirm={() => removal.mutateAsync()}
        onClose={() => setRemoving(false)}
      >
        {t("signOn.remove.text")}
      </Confirm>
    </form>
  );
}
