import { Autocomplete, Button, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { explain } from "../../components/Failure";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { addResponse, changeResponse, RESPONSES, type LibraryResponse } from "./api";

interface ResponseDialogProps {
  opened: boolean;
  /** Null to write a new one. */
  response: LibraryResponse | null;
  folders: string[];
  onClose: () => void;
}

export function ResponseDialog({ opened, response, folders, onClose }: ResponseDialogProps) {
  // What was written is not lost by a click beside it.
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t(response ? "responses.edit" : "responses.add")}
      closeOnClickOutside={false}
      centered
      size="lg"
    >
      <Fields response={response} folders={folders} onClose={onClose} />
    </Modal>
  );
}

function Fields({ response, folders, onClose }: Omit<ResponseDialogProps, "opened">) {
  const [text, setText] = useState(response?.text ?? "");
  const [title, setTitle] = useState(response?.title ?? "");
  const [folder, setFolder] = useState(response?.folder ?? "");
  const save = () => {
    const written = { text: text.trim(), title: title.trim(), folder: folder.trim() || null };
    return response ? changeResponse(response.id, written) : addResponse(written);
  };
  const saving = useChange(save, { touches: RESPONSES, isQuiet: true, onSuccess: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) saving.mutate();
  };
  return (
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
        <Autocomplete
          label={t("responses.folder")}
          data={folders}
          value={folder}
          maxLength={200}
          onChange={setFolder}
          // Below are the buttons.
          comboboxProps={{ position: "top-start" }}
        />
        {saving.isError && (
          <Text c="var(--bad)" role="alert">
            {explain(saving.error)}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" loading={saving.isPending} disabled={!text.trim()}>
            {t(response ? "action.save" : "action.add")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
