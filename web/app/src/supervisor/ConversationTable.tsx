import { Button } from "@mantine/core";
import { memo, useState } from "react";
import { Link } from "wouter";
import { CopyText } from "../components/CopyText";
import { Face } from "../components/Face";
import { Waiting } from "../components/Waiting";
import { t } from "../i18n";
import { fullTime, lasted, rowTime } from "../i18n/format";
import type { BoardRow } from "../live/board";
import { useNow } from "../platform/useNow";
import styles from "./ConversationTable.module.css";

/** What a screen draws at once; more on request. */
const STEP = 200;

interface ConversationTableProps {
  rows: readonly (BoardRow & { endedAt?: string | null })[];
  selected: string | null;
  /** The address of the list; a row leads to `base/id`. */
  base: string;
  isLive?: boolean;
}

export function ConversationTable({ rows, selected, base, isLive = false }: ConversationTableProps) {
  const [most, setMost] = useState(STEP);
  return (
    <div className={styles.box} tabIndex={0} role="group" aria-label={t(isLive ? "live.title" : "ended.title")}>
      <table className={styles.table} data-narrow={selected !== null}>
        <thead>
          <tr>
            <th scope="col" className={styles.id}>
              {t("live.column.id")}
            </th>
            <th scope="col">{t("live.column.customer")}</th>
            <th scope="col" className={styles.last}>
              {t("live.column.last")}
            </th>
            <th scope="col" className={styles.agent}>
              {t("live.column.agent")}
            </th>
            <th scope="col" className={styles.open}>
              {t(isLive ? "live.column.open" : "live.column.started")}
            </th>
            <th scope="col" className={styles.waiting}>
              {t(isLive ? "live.column.waiting" : "live.column.ended")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, most).map((row) => (
            <TableRow key={row.id} row={row} endedAt={row.endedAt ?? null} isSelected={row.id === selected} base={base} />
          ))}
        </tbody>
      </table>
      {rows.length > most && (
        <Button variant="default" m="md" onClick={() => setMost(most + STEP)}>
          {t("action.more")}
        </Button>
      )}
    </div>
  );
}

interface TableRowProps {
  row: BoardRow;
  endedAt: string | null;
  isSelected: boolean;
  base: string;
}

const TableRow = memo(function TableRow({ row, endedAt, isSelected, base }: TableRowProps) {
  const name = row.name ?? t("talk.unknown");
  return (
    <tr className={styles.row} data-selected={isSelected}>
      <td className={styles.id}>
        <CopyText text={row.id.slice(-6)} copies={row.id} what={t("details.conversation")} mono />
      </td>
      <td>
        <Link className={styles.link} href={`${base}/${row.id}`} aria-current={isSelected ? "true" : undefined}>
          <Face name={row.name} size={28} />
          <span className="truncate">{name}</span>
        </Link>
      </td>
      <td className={styles.last}>
        <div className="truncate">
          {row.lastRole === "agent" && <span className={styles.by}>{row.agent?.name ?? t("role.agent")}: </span>}
          {row.lastText}
        </div>
      </td>
      <td className={`${styles.agent} truncate`}>
        {row.agent?.name ?? <span className={styles.nobody}>{t("live.agent.none")}</span>}
      </td>
      <td className={`${styles.open} numeric`}>{endedAt ? <At when={row.openedAt} /> : <OpenFor since={row.openedAt} />}</td>
      <td className={`${styles.waiting} numeric`}>
        {endedAt ? <At when={endedAt} /> : row.waitingSince ? <Waiting since={row.waitingSince} /> : t("desk.list.answered")}
      </td>
    </tr>
  );
});

const OpenFor = ({ since }: { since: string }) => lasted(useNow() - Date.parse(since));

/** A time as short as a column is; whole when pointed at. */
function At({ when }: { when: string }) {
  return (
    <time dateTime={when} title={fullTime(when)}>
      {rowTime(when)}
    </time>
  );
}
