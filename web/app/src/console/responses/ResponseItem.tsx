import { memo } from "react";
import { Tag } from "../../components/Tag";
import { t } from "../../i18n";
import type { LibraryResponse } from "./api";
import styles from "./Responses.module.css";

export const ResponseItem = memo(function ResponseItem({ response }: { response: LibraryResponse }) {
  const { title, text, folder, suggested } = response;
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
