import { Button, Group, NumberInput, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Toggle } from "../../components/Toggle";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { changeGreetings, fetchGreetings, GREETINGS, type Greetings } from "./api";
import styles from "./ComposerSettings.module.css";
import { Awaited, Section, Setting } from "./Section";

/** How conversations are greeted. */
export function GreetingSettings() {
  const greetings = useQuery({ queryKey: GREETINGS, queryFn: ({ signal }) => fetchGreetings(signal) });
  return (
    <Section title={t("help.greetings")} hint={t("help.greetings.hint")}>
      {greetings.data ? (
        <>
          <Enabled greetings={greetings.data} />
          <Form key={JSON.stringify(greetings.data)} greetings={greetings.data} />
        </>
      ) : (
        <Awaited query={greetings} />
      )}
    </Section>
  );
}

function Enabled({ greetings }: { greetings: Greetings }) {
  const switching = useChange((enabled: boolean) => changeGreetings({ enabled }), { touches: GREETINGS });
  const name = t("help.greetings.enabled");
  return (
    <Setting name={name} hint={t("help.greetings.enabled.hint")}>
      <Toggle
        isOn={switching.isPending ? switching.variables : greetings.enabled}
        label={name}
        onChange={(on) => switching.mutate(on)}
      />
    </Setting>
  );
}

type Draft = Omit<Greetings, "enabled">;

function Form({ greetings: { enabled: _enabled, ...stored } }: { greetings: Greetings }) {
  const [draft, setDraft] = useState<Draft>(stored);
  const saving = useChange(() => changeGreetings(draft), {
    touches: GREETINGS,
    onSuccess: () => notifications.show({ message: t("help.saved") }),
  });
  const set = (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change }));
  const isChanged = JSON.stringify(draft) !== JSON.stringify(stored);
  const isComplete = draft.greetingGeneric.trim() !== "" && draft.greetingCustomerName.trim() !== "";
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate();
      }}
    >
      <div className={styles.fields}>
        <div className={styles.pair}>
          <Seconds
            label={t("help.greetings.trigger")}
            value={draft.triggerAfterSeconds}
            onChange={(triggerAfterSeconds) => set({ triggerAfterSeconds })}
          />
          <Seconds label={t("help.greetings.delay")} value={draft.delaySeconds} onChange={(delaySeconds) => set({ delaySeconds })} />
        </div>
        <Text
          label={t("help.greetings.named")}
          hint={t("help.greetings.named.hint")}
          value={draft.greetingCustomerName}
          onChange={(greetingCustomerName) => set({ greetingCustomerName })}
        />
        <Text
          label={t("help.greetings.generic")}
          value={draft.greetingGeneric}
          onChange={(greetingGeneric) => set({ greetingGeneric })}
        />
        <Group justify="flex-end">
          <Button variant="default" disabled={!isChanged} onClick={() => setDraft(stored)}>
            {t("help.undo")}
          </Button>
          <Button type="submit" disabled={!isChanged || !isComplete} loading={saving.isPending}>
            {t("action.save")}
          </Button>
        </Group>
      </div>
      <Preview draft={draft} />
    </form>
  );
}

function Preview({ draft }: { draft: Draft }) {
  const name = t("help.greetings.preview.name");
  const seconds = (count: number) => t("help.seconds", { count });
  return (
    <aside className={styles.preview} aria-label={t("help.greetings.preview")}>
      <div className={styles.previewTitle}>{t("help.greetings.preview")}</div>
      <p className={styles.bubble}>{draft.greetingCustomerName.replaceAll("{NAME}", name)}</p>
      <p className={styles.bubble}>{draft.greetingGeneric}</p>
      <p className={styles.hint}>
        {t("help.greetings.preview.when", {
          trigger: seconds(draft.triggerAfterSeconds),
          delay: seconds(draft.delaySeconds),
        })}
      </p>
    </aside>
  );
}

interface SecondsProps {
  label: string;
  value: number;
  onChange: (value: number) => void;
}

const Seconds = ({ label, value, onChange }: SecondsProps) => (
  <NumberInput
    label={label}
    value={value}
    onChange={(typed) => onChange(typeof typed === "number" ? typed : 0)}
    min={0}
    max={300}
    clampBehavior="strict"
    allowDecimal={false}
    allowNegative={false}
  />
);

interface TextProps {
  label: string;
  hint?: string;
  value: string;
  onChange: (value: string) => void;
}

const Text = ({ label, hint, value, onChange }: TextProps) => (
  <Textarea
    label={label}
    description={hint}
    value={value}
    onChange={(event) => onChange(event.currentTarget.value)}
    maxLength={2_000}
    minRows={2}
    autosize
    required
    withAsterisk={false}
  />
);
