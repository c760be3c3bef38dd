import { Autocomplete, Button, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { explain } from "../../components/Failure";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { addResponse, RESPONSES } from "./api";

interface AddDialogProps {
  opened: boolean;
  folders: string[];
  onClose: () => void;
}

export function AddDialog({ opened, folders, onClose }: AddDialogProps) {
  const [text, setText] = useState("");
  const [title, setTitle] = useState("");
  const [folder, setFolder] = useState("");
  const adding = useChange(() => addResponse({ text: text.trim(), title: title.trim(), folder: folder.trim() || null }), {
    touches: RESPONSES,
    isQuiet: true,
    onSuccess: () => {
      setText("");
      setTitle("");
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) adding.mutate();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t("responses.add")} centered size="lg">
      <form onSubmit={submit}>
        <Stack gap="md">
          <Textarea
            label={t("responses.text")}
            description={t("responses.text.hint")}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            maxLength={2000}
            autosize
            minRows={3}
            maxRows={10}
            data-autofocus
          />
          <TextInput label={t("responses.title")} value={title} maxLength={200} onChange={(event) => setTitle(event.currentTarget.value)} />
          <Autocomplete label={t("responses.folder")} data={folders} value={folder} maxLength={200} onChange={setFolder} />
          {adding.isError && (
            <Text c="var(--bad)" role="alert">
              {explain(adding.error)}
            </Text>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={adding.isPending} disabled={!text.trim()}>
              {t("action.add")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
