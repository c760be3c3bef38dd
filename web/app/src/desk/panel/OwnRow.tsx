import { ActionIcon, Menu } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconDots, IconFolderSymlink, IconPencil, IconTrash } from "@tabler/icons-react";
import { useState, type DragEvent, type KeyboardEvent } from "react";
import { t } from "../../i18n";
import type { Response } from "./api";
import styles from "./Panel.module.css";
import { ResponseRow } from "./ResponseRow";

interface OwnRowProps {
  response: Response;
  text: string;
  depth: number;
  isFirst: boolean;
  isLast: boolean;
  onInsert: (() => void) | null;
  onEdit: () => void;
  onRemove: () => void;
  onStep: (by: number) => void;
  onDropped: (id: string) => void;
}

const KIND = "application/x-rapport-response";

export const draggedId = (event: DragEvent): string => event.dataTransfer.getData(KIND);

export const allowsDrop = (event: DragEvent): boolean => {
  const isOurs = event.dataTransfer.types.includes(KIND);
  if (isOurs) event.preventDefault();
  return isOurs;
};

/** One of the agent's own responses, with what can be done with it. */
export function OwnRow({ response, text, depth, isFirst, isLast, onInsert, onEdit, onRemove, onStep, onDropped }: OwnRowProps) {
  const [isOver, setIsOver] = useState(false);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.altKey && event.shiftKey ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : undefined;
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onStep(by);
  };
  return (
    <div
      className={styles.own}
      draggable
      data-over={isOver}
      onKeyDown={onKeyDown}
      onDragStart={(event) => event.dataTransfer.setData(KIND, response.id)}
      onDragOver={(event) => setIsOver(allowsDrop(event))}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setIsOver(false);
        onDropped(draggedId(event));
      }}
    >
      <ResponseRow response={response} text={text} depth={depth} onInsert={onInsert}>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon
              className={styles.actions}
              variant="subtle"
              color="gray"
              size={28}
              aria-label={t("customs.actions", { name: response.title ?? "" })}
            >
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={15} />} onClick={onEdit}>
              {t("customs.edit")}
            </Menu.Item>
            <Menu.Item leftSection={<IconFolderSymlink size={15} />} onClick={onEdit}>
              {t("customs.move")}
            </Menu.Item>
            <Menu.Item leftSection={<IconArrowUp size={15} />} disabled={isFirst} onClick={() => onStep(-1)}>
              {t("customs.up")}
            </Menu.Item>
            <Menu.Item leftSection={<IconArrowDown size={15} />} disabled={isLast} onClick={() => onStep(1)}>
              {t("customs.down")}
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item color="var(--bad)" leftSection={<IconTrash size={15} />} onClick={onRemove}>
              {t("action.delete")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </ResponseRow>
    </div>
  );
}
