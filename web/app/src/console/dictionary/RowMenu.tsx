import { ActionIcon, Group } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { Confirm } from "../../components/Confirm";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { DICTIONARY, removeKey, type MetadataKey } from "./api";

interface RowMenuProps {
  entry: MetadataKey;
  onEdit: () => void;
  onRemoved?: () => void;
}

/** What can be done with a key; those that every company has stay as they are. */
export function RowMenu({ entry, onEdit, onRemoved }: RowMenuProps) {
  const [isAsking, setIsAsking] = useState(false);
  const { key: name, id } = entry;
  const removing = useChange(removeKey, { touches: DICTIONARY, isQuiet: true, ...(onRemoved && { onSuccess: onRemoved }) });
  if (entry.isDefault) return null;
  return (
    <Group gap={2} justify="flex-end" wrap="nowrap">
      <ActionIcon variant="subtle" color="gray" aria-label={t("dictionary.edit.of", { name })} onClick={onEdit}>
        <IconPencil size={17} />
      </ActionIcon>
      {id !== null && (
        <ActionIcon variant="subtle" color="gray" aria-label={t("dictionary.remove.of", { name })} onClick={() => setIsAsking(true)}>
          <IconTrash size={17} />
        </ActionIcon>
      )}
      <Confirm
        opened={isAsking}
        title={t("dictionary.remove.of", { name })}
        label={t("action.delete")}
        onConfirm={() => removing.mutateAsync(id!)}
        onClose={() => setIsAsking(false)}
      >
        {t("dictionary.remove.text")}
      </Confirm>
    </Group>
  );
}
