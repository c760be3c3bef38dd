import { Select, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { createResponse, ROOT, updateResponse, type Response } from "./api";
import { FormDialog } from "./FormDialog";
import { treeOf, waysOf } from "./tree";
import { CUSTOMS, EMPTY, useCustoms } from "./useLists";

interface ResponseDialogProps {
  /** The one to change; without it a new one is made. */
  response?: Response;
  text?: string;
  folderId?: string;
  onClose: () => void;
}

/** So much of a text makes a title to begin with. */
const TITLE_WORDS = 6;

/** A response of one's own: made, changed, or moved to another folder. */
export function ResponseDialog({ response, text = "", folderId = ROOT, onClose }: ResponseDialogProps) {
  const [words, setWords] = useState(response?.text ?? text);
  const [title, setTitle] = useState(response?.title ?? titleOf(text));
  const [folder, setFolder] = useState(response?.folderId || folderId);
  const [isTried, setIsTried] = useState(false);
  const { data = EMPTY } = useCustoms();
  const save = useChange(
    async () => {
      const body = { text: words.trim(), title: title.trim(), folderId: folder };
      if (response) await updateResponse(response.id, { ...body, metadata: response.metadata ?? [] });
      else await createResponse(body);
    },
    {
      touches: CUSTOMS,
      isQuiet: true,
      onSuccess: () => {
        notifications.show({ message: t("customs.saved", { title: title.trim() }) });
        onClose();
      },
    },
  );
  const submit = () => {
    setIsTried(true);
    if (words.trim() && title.trim()) save.mutate();
  };
  const missing = (value: string) => (isTried && !value.trim() ? t("customs.required") : undefined);
  const folders = [
    { value: ROOT, label: t("customs.folder.top") },
    ...waysOf(treeOf(data).folders).map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <FormDialog title={t(response ? "customs.edit.title" : "customs.create.title")} error={save.error} isBusy={save.isPending} onSave={submit} onClose={onClose}>
      <TextInput
        label={t("customs.title")}
        description={t("customs.title.hint")}
        value={title}
        error={missing(title)}
        onChange={(event) => setTitle(event.currentTarget.value)}
        data-autofocus
      />
      <Textarea
        label={t("customs.text")}
        description={t("customs.text.hint")}
        value={words}
        error={missing(words)}
        onChange={(event) => setWords(event.currentTarget.value)}
        autosize
        minRows={3}
        maxRows={10}
      />
      <Select
        label={t("customs.folder")}
        data={folders}
        value={folder}
        allowDeselect={false}
        onChange={(value) => setFolder(value ?? ROOT)}
      />
    </FormDialog>
  );
}

const titleOf = (text: string): string => text.split(/\s+/).slice(0, TITLE_WORDS).join(" ").replace(/[,;:.!?]+$/, "");
