import { Button, Group, Modal, PasswordInput, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { explain } from "../components/Failure";
import { Mark } from "../components/Mark";
import { t } from "../i18n";
import { ApiError } from "../platform/http";
import { changePassword, fetchSession, SESSION_KEY, signOut } from "./api";
import styles from "./SignIn.module.css";

const SHORTEST = 12;

export function PasswordDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={t("password.title")} centered>
      <PasswordForm onDone={onClose} onCancel={onClose} />
    </Modal>
  );
}

/** Before anything else, who came with a one-time password chooses their own. */
export function FirstPassword() {
  const client = useQueryClient();
  const proceed = async () => client.setQueryData(SESSION_KEY, await fetchSession());
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <div className={styles.brand}>
          <Mark /> {t("app.name")}
        </div>
        <h1 className={styles.title}>{t("password.title")}</h1>
        <p className={styles.to}>{t("password.first")}</p>
        <PasswordForm onDone={() => void proceed()} onCancel={() => void signOut()} />
      </div>
    </main>
  );
}

function PasswordForm({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }) {
  const [current, setCurrent] = useState("");
  const [chosen, setChosen] = useState("");
  const [repeated, setRepeated] = useState("");
  const [checked, setChecked] = useState(false);
  const change = useMutation({
    mutationFn: () => changePassword(current, chosen),
    onSuccess: () => {
      notifications.show({ message: t("password.changed"), color: "teal" });
      onDone();
    },
  });
  const isFine = current !== "" && chosen.length >= SHORTEST && chosen === repeated;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (isFine) change.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <PasswordInput
          label={t("password.current")}
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
          error={(checked && !current && t("signIn.required")) || (change.error && refused(change.error))}
          data-autofocus
        />
        <PasswordInput
          label={t("password.new")}
          description={t("password.hint")}
          autoComplete="new-password"
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
          error={checked && chosen.length < SHORTEST && t("password.short")}
        />
        <PasswordInput
          label={t("password.repeat")}
          autoComplete="new-password"
          value={repeated}
          onChange={(event) => setRepeated(event.currentTarget.value)}
          error={checked && chosen !== repeated && t("password.differs")}
        />
        <Group justify="flex-end" mt="xs">
          <Button variant="default" onClick={onCancel}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {t("action.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const refused = (error: Error): string =>
  error instanceof ApiError && error.status === 401 ? t("password.wrong") : explain(error);
