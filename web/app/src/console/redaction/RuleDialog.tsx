import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { explain } from "../../components/Failure";
import { Marked } from "../../components/Marked";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { addRule, changeRule, RULES, testRule, type Rule } from "./api";
import styles from "./Rules.module.css";

interface RuleDialogProps {
  editing: Rule | "new" | null;
  onClose: () => void;
}

/** A rule with a box to try it on a text before it is saved (PLT-122, PLT-123). */
export function RuleDialog({ editing, onClose }: RuleDialogProps) {
  const rule = editing === "new" ? null : editing;
  const [name, setName] = useState(rule?.name ?? "");
  const [pattern, setPattern] = useState(rule?.pattern ?? "");
  const [text, setText] = useState("");
  const [tried] = useDebouncedValue(pattern, 250);
  const [sample] = useDebouncedValue(text, 250);
  const trial = useQuery({
    queryKey: ["redaction", "trial", tried, sample],
    queryFn: ({ signal }) => testRule(tried, sample, signal),
    enabled: tried !== "" && sample !== "",
    retry: false,
    placeholderData: keepPreviousData,
  });
  const wanted = { name: name.trim(), pattern };
  const saving = useChange(() => (rule ? changeRule(rule.id, wanted) : addRule(wanted)), {
    touches: RULES,
    isQuiet: true,
    onSuccess: onClose,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (wanted.name && wanted.pattern) saving.mutate();
  };
  return (
    <Modal opened={editing !== null} onClose={onClose} title={rule ? t("redaction.rule.edit", { name: rule.name }) : t("redaction.rule.add")} centered size="lg">
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput label={t("details.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
          <TextInput
            label={t("redaction.pattern")}
            description={t("redaction.pattern.hint")}
            value={pattern}
            onChange={(event) => setPattern(event.currentTarget.value)}
            error={trial.isError && explain(trial.error)}
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
            spellCheck={false}
          />
          <Textarea
            label={t("redaction.test")}
            placeholder={t("redaction.test.hint")}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autosize
            minRows={2}
          />
          {sample && trial.data && (
            <div role="status">
              <Text size="sm" c="var(--ink-2)" mb={4}>
                {t("redaction.matches", { count: trial.data.matches.length })}
              </Text>
              <div className={styles.sample}>
                <Marked text={sample} matches={trial.data.matches} />
              </div>
            </div>
          )}
          {saving.isError && (
            <Text c="var(--bad)" role="alert">
              {explain(saving.error)}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={saving.isPending} disabled={!wanted.name || !wanted.pattern}>
              {t("action.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
