import { Button, PasswordInput, TextInput } from "@mantine/core";
import { IconAlertCircle, IconInfoCircle } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { Mark } from "../components/Mark";
import { t } from "../i18n";
import { ApiError } from "../platform/http";
import { recall, remember } from "../platform/memory";
import type { Session } from "../platform/types";
import { signIn } from "./api";
import styles from "./SignIn.module.css";
import { useRefusal } from "./useRefusal";

interface SignInProps {
  hasExpired: boolean;
  onSignedIn: (session: Session) => void;
}

/** The organization first, then the person (PLT-160). */
export function SignIn({ hasExpired, onSignedIn }: SignInProps) {
  const [organization, setOrganization] = useState(recall("organization") ?? "");
  const [step, setStep] = useState<"organization" | "person">("organization");
  const known = step === "person";
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div className={styles.brand}>
          <Mark /> {t("app.name")}
        </div>
        <h1 className={styles.title}>{t("signIn.title")}</h1>
        <p className={styles.to}>
          {known ? t("signIn.to", { organization }) : t("app.tagline")}
          {known && (
            <button type="button" className={styles.change} onClick={() => setStep("organization")}>
              {t("signIn.change")}
            </button>
          )}
        </p>
        {hasExpired && !known && (
          <p className={`${styles.problem} ${styles.notice}`} role="status">
            <IconInfoCircle size={18} /> {t("signIn.expired")}
          </p>
        )}
        {known ? (
          <PersonForm organization={organization} onSignedIn={onSignedIn} />
        ) : (
          <OrganizationForm
            organization={organization}
            onChosen={(marker) => {
              setOrganization(marker);
              setStep("person");
            }}
          />
        )}
      </div>
    </main>
  );
}

function OrganizationForm({ organization, onChosen }: { organization: string; onChosen: (marker: string) => void }) {
  const [value, setValue] = useState(organization);
  const [missing, setMissing] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const marker = value.trim();
    if (marker) onChosen(marker);
    else setMissing(true);
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <TextInput
        label={t("signIn.organization")}
        description={t("signIn.organization.hint")}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
        error={missing && !value.trim() && t("signIn.required")}
        name="organization"
        autoComplete="organization"
        autoCapitalize="none"
        spellCheck={false}
        size="md"
        autoFocus
      />
      <Button type="submit" size="md" fullWidth>
        {t("signIn.continue")}
      </Button>
    </form>
  );
}

function PersonForm({ organization, onSignedIn }: { organization: string; onSignedIn: (session: Session) => void }) {
  const [email, setEmail] = useState(recall("email") ?? "");
  const [password, setPassword] = useState("");
  const [checked, setChecked] = useState(false);
  const attempt = useMutation({
    mutationFn: signIn,
    onSuccess: (session) => {
      remember("organization", organization);
      remember("email", email.trim());
      onSignedIn(session);
    },
    onError: (error) => {
      if (error instanceof ApiError && error.status === 401) setPassword("");
    },
  });
  const refusal = useRefusal(attempt.error);
  const badEmail = !/^\S+@\S+$/.test(email.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!badEmail && password) attempt.mutate({ organization, email: email.trim(), password });
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {refusal && !attempt.isPending && (
        <p className={styles.problem} role="alert" style={{ margin: 0 }}>
          <IconAlertCircle size={18} /> <span>{refusal.text}</span>
        </p>
      )}
      <TextInput
        label={t("signIn.email")}
        type="email"
        name="email"
        autoComplete="username"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        error={checked && badEmail && t(email ? "signIn.badEmail" : "signIn.required")}
        size="md"
        autoFocus={!email}
      />
      <PasswordInput
        label={t("signIn.password")}
        name="password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        error={checked && !password && !refusal && t("signIn.required")}
        size="md"
        autoFocus={!!email}
      />
      <Button type="submit" size="md" fullWidth loading={attempt.isPending} disabled={refusal?.isLocked ?? false}>
        {t("signIn.submit")}
      </Button>
    </form>
  );
}
