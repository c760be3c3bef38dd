import { ActionIcon, Checkbox } from "@mantine/core";
import { IconFolder, IconPencil, IconTrash } from "@tabler/icons-react";
import { memo } from "react";
import { Tag } from "../../components/Tag";
import { t } from "../../i18n";
import { count, dateTime } from "../../i18n/format";
import type { ResponseRow } from "./api";
import { filtersOf } from "./inserts";
import { Pieces } from "./Pieces";
import styles from "./Table.module.css";

export interface RowActs {
  onEdit: (row: ResponseRow) => void;
  onRemove: (row: ResponseRow) => void;
  onSelect: (id: string, isRange: boolean) => void;
}

interface ResponseItemProps {
  row: ResponseRow;
  isSelected: boolean;
  /** The most used response's count. */
  most: number;
  /** Null where nothing can be changed. */
  acts: RowActs | null;
}

/** As much of a text as tells it from others. */
const NAME = 60;

/** The four elements of a response, how it stands to the saved list, and how much it is used. */
export const ResponseItem = memo(function ResponseItem({ row, isSelected, most, acts }: ResponseItemProps) {
  const name = (row.title || row.text).slice(0, NAME);
  const filters = filtersOf(row);
  return (
    <>
      {acts && (
        <span role="gridcell" className={styles.check}>
          <Checkbox
            size="xs"
            tabIndex={-1}
            aria-label={t("responses.select", { name })}
            checked={isSelected}
            onChange={() => undefined}
            onClick={(event) => acts.onSelect(row.id, event.shiftKey)}
          />
        </span>
      )}
      <span role="gridcell" className={styles.text}>
        <span className={styles.words} dir="auto">
          <Pieces text={row.text} unknown={row.unknownInserts} />
        </span>
        {(row.change || row.unknownInserts.length > 0) && (
          <span className={styles.tags}>
            {row.change && <Tag tone={row.change === "added" ? "good" : "accent"}>{t(`responses.change.${row.change}`)}</Tag>}
            {row.unknownInserts.length > 0 && <Tag tone="bad">{t("responses.unknown", { count: row.unknownInserts.length })}</Tag>}
          </span>
        )}
      </span>
      <span role="gridcell" className={styles.title}>
        {row.title}
      </span>
      <span role="gridcell" className={styles.filters}>
        {filters.map(({ name: key, allowedValues }) => (
          <span key={key} className={styles.filter} title={`${key}: ${allowedValues.join(", ")}`}>
            <b>{key}</b> {allowedValues.join(", ")}
          </span>
        ))}
      </span>
      <span role="gridcell" className={styles.folder} title={row.folderPath}>
        {row.folderPath && <IconFolder size={15} aria-hidden="true" />}
        <span>{row.folderPath}</span>
      </span>
      <span role="gridcell" className={styles.usage}>
        {row.usage && row.usage.count > 0 && (
          <span title={row.usage.lastUsedAt ? t("responses.usage.last", { time: dateTime(row.usage.lastUsedAt) }) : undefined}>
            <span className="numeric">{count(row.usage.count)}</span>
            <span className={styles.bar} style={{ inlineSize: `${Math.max(4, (100 * row.usage.count) / most)}%` }} aria-hidden="true" />
          </span>
        )}
      </span>
      {acts && (
        <span role="gridcell" className={styles.acts}>
          <ActionIcon variant="subtle" color="gray" tabIndex={-1} aria-label={t("responses.edit.of", { name })} onClick={() => acts.onEdit(row)}>
            <IconPencil size={17} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray" tabIndex={-1} aria-label={t("responses.delete.of", { name })} onClick={() => acts.onRemove(row)}>
            <IconTrash size={17} />
          </ActionIcon>
        </span>
      )}
    </>
  );
});
