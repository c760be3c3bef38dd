import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { Confirm } from "../../components/Confirm";
import { t } from "../../i18n";
import { useChange } from "../../platform/useChange";
import { deleteFolder } from "./api";
import { FolderDialog } from "./FolderDialog";
import { FolderRow } from "./FolderRow";
import { allowsDrop, draggedId } from "./OwnRow";
import styles from "./Panel.module.css";
import { contentsOf, type Branch } from "./tree";
import { CUSTOMS } from "./useLists";

interface OwnFolderProps {
  branch: Branch;
  isOpen: boolean;
  onToggle: () => void;
  onDropped: (response: string) => void;
  children: ReactNode;
}

/** One of the agent's own folders: opened, renamed, moved, deleted with all that is in it. */
export function OwnFolder({ branch, isOpen, onToggle, onDropped, children }: OwnFolderProps) {
  const { folder, depth } = branch;
  const [asks, setAsks] = useState<"edit" | "delete" | null>(null);
  const remove = useChange(() => deleteFolder(folder.id), { touches: CUSTOMS, isQuiet: true });
  const inside = contentsOf(branch);
  const isEmpty = inside.folders + inside.responses === 0;
  return (
    <>
      <FolderRow
        name={folder.name}
        depth={depth}
        isOpen={isOpen}
        onToggle={onToggle}
        onDragOver={allowsDrop}
        onDrop={(event) => {
          event.preventDefault();
          onDropped(draggedId(event));
        }}
      >
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon className={styles.actions} variant="subtle" color="gray" size={28} aria-label={t("customs.actions", { name: folder.name })}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setAsks("edit")}>
              {t("customs.rename")}
            </Menu.Item>
            <Menu.Item color="var(--bad)" leftSection={<IconTrash size={15} />} onClick={() => setAsks("delete")}>
              {t("action.delete")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </FolderRow>
      {isOpen && isEmpty && (
        <p className={styles.nothing} style={{ paddingInlineStart: 34 + depth * 14 }}>
          {t("panel.folder.empty")}
        </p>
      )}
      {isOpen && children}
      {asks === "edit" && <FolderDialog folder={folder} onClose={() => setAsks(null)} />}
      <Confirm
        opened={asks === "delete"}
        title={t("customs.folder.delete", { name: folder.name })}
        label={t("action.delete")}
        onConfirm={() => remove.mutateAsync()}
        onClose={() => setAsks(null)}
      >
        {isEmpty && t("panel.folder.empty")}
        {inside.responses > 0 && t("customs.folder.delete.body", { count: inside.responses })}{" "}
        {inside.folders > 0 && t("customs.folder.delete.folders", { count: inside.folders })}
      </Confirm>
    </>
  );
}
