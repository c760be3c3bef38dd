import { Button, FileButton, PasswordInput, Text, Textarea, TextInput } from "@mantine/core";
import { IconFileCode } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { explain } from "../../components/Failure";
import { t } from "../../i18n";
import { readMetadata } from "./api";
import type { Draft } from "./draft";
import styles from "./SingleSignOn.module.css";

interface FieldProps {
  label: string;
  hint?: string;
  value: string;
  onChange: (value: string) => void;
}

const Field = ({ label, hint, value, onChange }: FieldProps) => (
  <TextInput
    label={label}
    description={hint}
    value={value}
    onChange={(event) => onChange(event.currentTarget.value)}
    autoComplete="off"
    autoCapitalize="none"
    spellCheck={false}
  />
);

interface OidcFieldsProps {
  value: Draft["oidc"];
  /** A secret of this issuer is kept: the field may stay empty. */
  hasSecret: boolean;
  onChange: (value: Draft["oidc"]) => void;
}

/** What is to be known of a provider that speaks OpenID Connect. */
export function OidcFields({ value, hasSecret, onChange }: OidcFieldsProps) {
  const set = (change: Partial<Draft["oidc"]>) => onChange({ ...value, ...change });
  return (
    <>
      <Field label={t("signOn.issuer")} hint={t("signOn.issuer.hint")} value={value.issuer} onChange={(issuer) => set({ issuer })} />
      <div className={styles.pair}>
        <Field label={t("signOn.clientId")} value={value.client_id} onChange={(client_id) => set({ client_id })} />
        <PasswordInput
          label={t("signOn.clientSecret")}
          placeholder={hasSecret ? t("signOn.clientSecret.kept") : undefined}
          value={value.client_secret}
          onChange={(event) => set({ client_secret: event.currentTarget.value })}
          autoComplete="new-password"
        />
      </div>
      <div className={styles.pair}>
        <Field
          label={t("signOn.userIdClaim")}
          hint={t("signOn.userIdClaim.hint")}
          value={value.user_id_claim}
          onChange={(user_id_claim) => set({ user_id_claim })}
        />
        <Field label={t("signOn.scopes")} hint={t("signOn.scopes.hint")} value={value.scopes} onChange={(scopes) => set({ scopes })} />
      </div>
    </>
  );
}

interface SamlFieldsProps {
  value: Draft["saml"];
  onChange: (value: Draft["saml"]) => void;
}

/** What is to be known of a provider that speaks SAML; its metadata says most of it. */
export function SamlFields({ value, onChange }: SamlFieldsProps) {
  const set = (change: Partial<Draft["saml"]>) => onChange({ ...value, ...change });
  const reading = useMutation({
    mutationFn: async (file: File) => readMetadata(await file.text()),
    onSuccess: ({ certificates, ...described }) => set({ ...described, certificates: certificates.join("\n") }),
  });
  return (
    <>
      <div className={styles.metadata}>
        <FileButton accept=".xml,text/xml,application/xml" onChange={(file) => file && reading.mutate(file)}>
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconFileCode size={17} />} loading={reading.isPending}>
              {t("signOn.metadata.choose")}
            </Button>
          )}
        </FileButton>
        <span className={styles.hint}>{t("signOn.metadata.hint")}</span>
      </div>
      {reading.isError && (
        <Text c="var(--bad)" role="alert">
          {explain(reading.error)}
        </Text>
      )}
      <div className={styles.pair}>
        <Field label={t("signOn.entityId")} value={value.entity_id} onChange={(entity_id) => set({ entity_id })} />
        <Field label={t("signOn.ssoUrl")} hint={t("signOn.ssoUrl.hint")} value={value.sso_url} onChange={(sso_url) => set({ sso_url })} />
      </div>
      <Textarea
        label={t("signOn.certificates")}
        description={t("signOn.certificates.hint")}
        value={value.certificates}
        onChange={(event) => set({ certificates: event.currentTarget.value })}
        classNames={{ input: styles.code }}
        autosize
        minRows={4}
        maxRows={10}
        spellCheck={false}
      />
      <Field
        label={t("signOn.userIdAttribute")}
        hint={t("signOn.userIdClaim.hint")}
        value={value.user_id_attribute}
        onChange={(user_id_attribute) => set({ user_id_attribute })}
      />
    </>
  );
}
