import { Button, Group, Modal, SegmentedControl, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { explain } from "../../components/Failure";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { EXCEPTIONS, NAMES, setException, SWITCHES, type Exceptional, type Own } from "./api";
import styles from "./ComposerSettings.module.css";

const CHOICES = ["company", "on", "off"] as const;
type Choice = (typeof CHOICES)[number];

/** How a switch of an agent's own is called: it says what is disabled, people say what is on. */
export const choiceOf = (isDisabled: boolean | null): Choice => (isDisabled === null ? "company" : isDisabled ? "off" : "on");

const valueOf = (choice: string): boolean | null => (choice === "company" ? null : choice === "off");

const NOTHING = Object.fromEntries(SWITCHES.map((one) => [one, null])) as Own;

interface ExceptionDialogProps {
  /** null: an agent that has none yet. */
  edited: Exceptional | null;
  onClose: () => void;
}

/** What differs for one agent. */
export function ExceptionDialog({ edited, onClose }: ExceptionDialogProps) {
  const [agentId, setAgentId] = useState(edited?.agentId ?? "");
  const [own, setOwn] = useState(edited?.own ?? NOTHING);
  const saving = useChange(() => setException(agentId.trim(), own), { touches: EXCEPTIONS, onSuccess: onClose, isQuiet: true });
  return (
    <Modal opened onClose={onClose} title={t("help.exceptions.title")} centered size="lg">
      <form
        className={styles.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          saving.mutate();
        }}
      >
        <TextInput
          label={t("help.exceptions.agent")}
          description={t("help.exceptions.agent.hint")}
          value={agentId}
          onChange={(event) => setAgentId(event.currentTarget.value)}
          readOnly={edited !== null}
          maxLength={255}
          required
          withAsterisk={false}
          data-autofocus={edited === null || undefined}
        />
        {SWITCHES.map((one) => (
          <div key={one} className={styles.choice}>
            <span className={styles.name}>{t(`help.${NAMES[one]}`)}</span>
            <SegmentedControl
              size="xs"
              aria-label={t(`help.${NAMES[one]}`)}
              value={choiceOf(own[one])}
              onChange={(choice) => setOwn((before) => ({ ...before, [one]: valueOf(choice) }))}
              data={CHOICES.map((value) => ({ value, label: t(`help.choice.${value}`) }))}
            />
          </div>
        ))}
        {saving.isError && (
          <Text c="var(--bad)" role="alert">
            {explain(saving.error)}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" disabled={agentId.trim() === ""} loading={saving.isPending}>
            {t("action.save")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
