import { memo } from "react";
import { Face } from "../../components/Face";
import { Waiting } from "../../components/Waiting";
import { t } from "../../i18n";
import { rowTime } from "../../i18n/format";
import type { Row } from "../../live/summary";
import styles from "./ConversationRow.module.css";

interface ConversationRowProps {
  row: Row;
  hue: number;
  isSelected: boolean;
  onSelect: (id: string) => void;
}

export const ConversationRow = memo(function ConversationRow({ row, hue, isSelected, onSelect }: ConversationRowProps) {
  const name = row.name ?? t("talk.unknown");
  return (
    <button
      type="button"
      className={styles.row}
      aria-current={isSelected ? "true" : undefined}
      data-ended={row.ended}
      onClick={() => onSelect(row.id)}
    >
      <Face name={row.name} hue={hue} size={40} />
      <span className={styles.body}>
        <span className={styles.line}>
          <span className={`${styles.name} truncate`} data-unread={row.unread > 0}>
            {name}
          </span>
          <When row={row} />
        </span>
        <span className={styles.line}>
          <span className={`${styles.last} truncate`} data-unread={row.unread > 0}>
            {row.typing ? <em className={styles.typing}>{t("desk.list.typing")}</em> : lastWords(row)}
          </span>
          {row.unread > 0 && (
            <span className={`${styles.unread} numeric`}>
              <span aria-hidden="true">{row.unread}</span>
              <span className="said">{t("desk.list.unread", { count: row.unread })}</span>
            </span>
          )}
        </span>
      </span>
    </button>
  );
});

function When({ row }: { row: Row }) {
  if (row.ended) return <span className={styles.ended}>{t("desk.list.ended")}</span>;
  if (row.waitingSince) return <Waiting since={row.waitingSince} />;
  return row.lastAt && <time className={`${styles.time} numeric`}>{rowTime(row.lastAt)}</time>;
}

function lastWords({ lastText, lastRole }: Row): string {
  if (lastText === null) return "";
  const text = lastText.replaceAll("\n", " ");
  return lastRole === "agent" ? t("desk.list.you", { text }) : text;
}
