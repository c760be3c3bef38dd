import { Button, Group, Modal, Stack, TagsInput, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { explain } from "../../components/Failure";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { addKey, changeKey, DICTIONARY, type KeyKind, type MetadataKey } from "./api";

interface KeyDialogProps {
  /** Null: closed; a kind: a new one of it. */
  editing: KeyKind | MetadataKey | null;
  onClose: () => void;
}

export function KeyDialog({ editing, onClose }: KeyDialogProps) {
  const isNew = typeof editing === "string";
  const kind = isNew ? editing : (editing?.kind ?? "insert");
  return (
    <Modal opened={editing !== null} onClose={onClose} title={t(isNew ? `dictionary.add.${kind}` : "dictionary.edit")} closeOnClickOutside={false} centered>
      {editing !== null && <Fields kind={kind} entry={isNew ? null : (editing as MetadataKey)} onClose={onClose} />}
    </Modal>
  );
}

/** As the server takes it: a letter, then what identifiers are made of. */
const KEY = /^[A-Za-z][A-Za-z0-9_ .-]*$/;

function Fields({ kind, entry, onClose }: { kind: KeyKind; entry: MetadataKey | null; onClose: () => void }) {
  const [key, setKey] = useState(entry?.key ?? "");
  const [label, setLabel] = useState(entry?.label ?? "");
  const [example, setExample] = useState(entry?.example ?? "");
  const [values, setValues] = useState<string[]>(entry?.values ?? []);
  const said = { label: label.trim(), example: example.trim(), values };
  // Responses may filter by a key that nobody has entered yet.
  const save = () => (entry?.id ? changeKey(entry.id, said) : addKey(kind, key.trim(), said));
  const saving = useChange(save, { touches: DICTIONARY, isQuiet: true, onSuccess: onClose });
  const isWrong = key !== "" && !KEY.test(key.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key.trim() && !isWrong) saving.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label={t("dictionary.key")}
          description={t(`dictionary.key.hint.${kind}`)}
          placeholder={kind === "insert" ? "membership" : "queue_name"}
          value={key}
          maxLength={64}
          disabled={entry !== null}
          error={isWrong && t("dictionary.key.wrong")}
          onChange={(event) => setKey(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput label={t("dictionary.label")} value={label} maxLength={200} onChange={(event) => setLabel(event.currentTarget.value)} />
        {kind === "insert" ? (
          <TextInput label={t("dictionary.example")} value={example} maxLength={200} onChange={(event) => setExample(event.currentTarget.value)} />
        ) : (
          <TagsInput label={t("dictionary.values")} description={t("dictionary.values.hint")} value={values} onChange={setValues} acceptValueOnBlur />
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
          <Button type="submit" loading={saving.isPending} disabled={!key.trim() || isWrong}>
            {t(entry ? "action.save" : "action.add")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
