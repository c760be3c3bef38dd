import { Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { createFolder, ROOT, updateFolder, type Folder } from "./api";
import { FormDialog } from "./FormDialog";
import { treeOf, waysOf } from "./tree";
import { CUSTOMS, EMPTY, useCustoms } from "./useLists";

interface FolderDialogProps {
  /** The one to rename or move; without it a new one is made. */
  folder?: Folder;
  onClose: () => void;
}

export function FolderDialog({ folder, onClose }: FolderDialogProps) {
  const [name, setName] = useState(folder?.name ?? "");
  const [parent, setParent] = useState(folder?.parentFolderId || ROOT);
  const [isTried, setIsTried] = useState(false);
  const { data = EMPTY } = useCustoms();
  const save = useChange(
    async () => {
      const body = { name: name.trim(), parentFolderId: parent };
      if (folder) await updateFolder(folder.id, body);
      else await createFolder(body);
    },
    { touches: CUSTOMS, isQuiet: true, onSuccess: onClose },
  );
  const submit = () => {
    setIsTried(true);
    if (name.trim()) save.mutate();
  };
  // A folder cannot go into itself, or into what is in it.
  const parents = waysOf(treeOf(data).folders, "", folder?.id).map(({ id, name: way }) => ({ value: id, label: way }));
  return (
    <FormDialog title={t(folder ? "customs.folder.edit" : "customs.folder.create")} error={save.error} isBusy={save.isPending} onSave={submit} onClose={onClose}>
      <TextInput
        label={t("customs.folder.name")}
        value={name}
        error={isTried && !name.trim() ? t("customs.required") : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Select
        label={t("customs.folder.inside")}
        data={[{ value: ROOT, label: t("customs.folder.top") }, ...parents]}
        value={parent}
        allowDeselect={false}
        onChange={(value) => setParent(value ?? ROOT)}
      />
    </FormDialog>
  );
}
