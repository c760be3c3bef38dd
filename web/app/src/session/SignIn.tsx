import { Button, Divider, PasswordInput, TextInput } from "@mantine/core";
import { IconAlertCircle, IconInfoCircle, IconKey } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { Mark } from "../components/Mark";
import { t } from "../i18n";
import { ApiError } from "../platform/http";
import { recall, remember } from "../platform/memory";
import type { Session } from "../platform/types";
import { signIn } from "./api";
import styles from "./SignIn.module.css";
import { fetchSignInOptions, leaveForProvider, refusedSignOn } from "./singleSignOn";
import { useRefusal } from "./useRefusal";

interface SignInProps {
  hasExpired: boolean;
  onSignedIn: (session: Session) => void;
}

/** The organization first, then the person (PLT-160). */
export function SignIn({ hasExpired, onSignedIn }: SignInProps) {
  const [organization, setOrganization] = useState(recall("organization") ?? "");
  const [refused] = useState(refusedSignOn);
  // Who comes back from the provider goes on where they left.
  const [step, setStep] = useState<"organization" | "person">(refused && organization ? "person" : "organization");
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
        {refused && (
          <div className={styles.problem} role="alert">
            <IconAlertCircle size={18} />
            <span>
              {refused.text}
              {refused.requestId && <small className={styles.reference}>{t("error.request", { id: refused.requestId })}</small>}
            </span>
          </div>
        )}
        {known ? (
          <>
            <SingleSignOn organization={organization} />
            <PersonForm organization={organization} onSignedIn={onSignedIn} />
          </>
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

/** Where the organization has a provider, nobody needs a password. */
function SingleSignOn({ organization }: { organization: string }) {
  const options = useQuery({
    queryKey: ["sign-in-options", organization],
    queryFn: ({ signal }) => fetchSignInOptions(organization, signal),
    // Who cannot be told signs in with a password.
    retry: false,
  });
  if (!options.data?.single_sign_on) return null;
  const leave = () => {
    remember("organization", organization);
    leaveForProvider(organization);
  };
  return (
    <>
      <Button size="md" fullWidth variant="default" leftSection={<IconKey size={18} />} onClick={leave}>
        {t("signIn.sso")}
      </Button>
      <Divider label={t("signIn.or")} my="md" />
    </>
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
