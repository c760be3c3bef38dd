import { Button } from "@mantine/core";
import { IconFolderSymlink, IconTrash, IconX } from "@tabler/icons-react";
import { t } from "../../i18n";
import styles from "./ListPage.module.css";

interface SelectionBarProps {
  count: number;
  onMove: () => void;
  onRemove: () => void;
  onClear: () => void;
}

/** What can be done with the chosen responses together. */
export const SelectionBar = ({ count, onMove, onRemove, onClear }: SelectionBarProps) => (
  <div className={styles.tools} role="toolbar" aria-label={t("responses.selection")}>
    <span role="status">{t("responses.selected", { count })}</span>
    <Button size="sm" variant="default" leftSection={<IconFolderSymlink size={16} />} onClick={onMove}>
      {t("responses.move")}
    </Button>
    <Button size="sm" variant="default" leftSection={<IconTrash size={16} />} onClick={onRemove}>
      {t("action.delete")}
    </Button>
    <Button size="sm" variant="subtle" leftSection={<IconX size={16} />} onClick={onClear}>
      {t("responses.selection.clear")}
    </Button>
  </div>
);
