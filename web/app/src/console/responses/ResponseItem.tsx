import { IconPencil, IconTrash } from "@tabler/icons-react";
import { memo } from "react";
import { Tag } from "../../components/Tag";
import { t } from "../../i18n";
import type { LibraryResponse } from "./api";
import styles from "./Responses.module.css";

interface ResponseItemProps {
  response: LibraryResponse;
  onEdit: (response: LibraryResponse) => void;
  onRemove: (response: LibraryResponse) => void;
}

/** As much of a text as tells it from others. */
const NAME = 60;

export const ResponseItem = memo(function ResponseItem({ response, onEdit, onRemove }: ResponseItemProps) {
  const { title, text, folder, suggested } = response;
  const name = title || text.slice(0, NAME);
  return (
    <li className={styles.item}>
      <div className={styles.words}>
        {title && <div className={styles.title}>{title}</div>}
        <div className={styles.text}>{withInserts(text)}</div>
      </div>
      <div className={styles.place}>
        {folder && <Tag>{folder}</Tag>}
        {!suggested && <Tag tone="warn">{t("responses.pending")}</Tag>}
      </div>
      {/* Bare buttons: there are thousands of rows. */}
      <div className={styles.acts}>
        <button type="button" className={styles.act} aria-label={t("responses.edit.of", { name })} onClick={() => onEdit(response)}>
          <IconPencil size={17} />
        </button>
        <button type="button" className={styles.act} aria-label={t("responses.delete.of", { name })} onClick={() => onRemove(response)}>
          <IconTrash size={17} />
        </button>
      </div>
    </li>
  );
});

/** `{NAME}` stands out: it is filled in when the response is suggested. */
function withInserts(text: string) {
  return text.split(/(\{\w+\})/).map((part, index) =>
    index % 2 === 1 ? (
      <span key={index} className={styles.insert}>
        {part}
      </span>
    ) : (
      part
    ),
  );
}
