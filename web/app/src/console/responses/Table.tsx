import { Checkbox, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { t } from "../../i18n";
import type { ResponseRow } from "./api";
import type { Narrowing, Order } from "./narrowing";
import { ResponseItem, type RowActs } from "./ResponseItem";
import styles from "./Table.module.css";

interface TableProps {
  rows: readonly ResponseRow[];
  narrowing: Narrowing;
  onOrder: (order: Order) => void;
  /** Null where nothing can be changed. */
  acts: RowActs | null;
  selected: ReadonlySet<string>;
  onSelectAll: (all: boolean) => void;
}

const COLUMNS: readonly { order: Order | null; label: "text" | "title" | "filters" | "folder" | "usage" }[] = [
  { order: "text", label: "text" },
  { order: "title", label: "title" },
  { order: null, label: "filters" },
  { order: "folder", label: "folder" },
  { order: "usage", label: "usage" },
];

/** How tall a row is until it has been measured, in pixels. */
const ROW = 64;

/** Thousands of responses, of which only those in sight are drawn. */
export function Table({ rows, narrowing, onOrder, acts, selected, onSelectAll }: TableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const most = useMemo(() => Math.max(1, ...rows.map((row) => row.usage?.count ?? 0)), [rows]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (index) => rows[index]!.id,
    overscan: 8,
  });
  const here = Math.min(active, rows.length - 1);
  const goTo = (index: number) => {
    const at = Math.max(0, Math.min(rows.length - 1, index));
    setActive(at);
    virtual.scrollToIndex(at);
    // The row may be drawn only by the scrolling.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${at}"]`)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const target = event.target as HTMLElement;
    if (target.dataset["index"] === undefined) return;
    const run = keyed(event.key);
    if (!run) return;
    event.preventDefault();
    run();
  };
  const keyed = (key: string): (() => void) | null => {
    const row = rows[here];
    if (!row) return null;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW) / ROW) - 1);
    const moves: Readonly<Record<string, number>> = { ArrowDown: here + 1, ArrowUp: here - 1, PageDown: here + page, PageUp: here - page, Home: 0, End: rows.length - 1 };
    const to = moves[key];
    if (to !== undefined) return () => goTo(to);
    if (!acts) return null;
    if (key === "Enter") return () => acts.onEdit(row);
    if (key === " ") return () => acts.onSelect(row.id, false);
    if (key !== "Delete") return null;
    return () => {
      acts.onRemove(row);
      goTo(Math.min(here, rows.length - 2));
    };
  };
  return (
    <div ref={scroller} className={styles.table} role="grid" aria-label={t("console.responses")} aria-rowcount={rows.length + 1} aria-readonly={!acts} data-plain={!acts} onKeyDown={onKeyDown}>
      <div role="row" className={styles.head} aria-rowindex={1}>
        {acts && (
          <span role="columnheader" className={styles.check}>
            <Checkbox
              size="xs"
              aria-label={t("responses.select.all")}
              checked={selected.size > 0 && selected.size === rows.length}
              indeterminate={selected.size > 0 && selected.size < rows.length}
              onChange={(event) => onSelectAll(event.currentTarget.checked)}
            />
          </span>
        )}
        {COLUMNS.map(({ order, label }) => (
          <span key={label} role="columnheader" className={styles[label]} aria-sort={sortOf(narrowing, order)}>
            {order ? (
              <UnstyledButton className={styles.sort} onClick={() => onOrder(order)}>
                {t(`responses.${label}`)}
                {narrowing.order === order && (narrowing.isDescending ? <IconArrowDown size={13} aria-hidden="true" /> : <IconArrowUp size={13} aria-hidden="true" />)}
              </UnstyledButton>
            ) : (
              t(`responses.${label}`)
            )}
          </span>
        ))}
        {acts && (
          <span role="columnheader" className={styles.acts}>
            <span className="said">{t("responses.acts")}</span>
          </span>
        )}
      </div>
      <div role="presentation" className={styles.rows} style={{ blockSize: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const row = rows[index]!;
          return (
            <div
              key={key}
              ref={virtual.measureElement}
              role="row"
              className={styles.row}
              data-index={index}
              aria-rowindex={index + 2}
              aria-selected={acts ? selected.has(row.id) : undefined}
              tabIndex={index === here ? 0 : -1}
              style={{ transform: `translateY(${start}px)` }}
              onFocus={() => setActive(index)}
              onDoubleClick={() => acts?.onEdit(row)}
            >
              <ResponseItem row={row} isSelected={selected.has(row.id)} most={most} acts={acts} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

const sortOf = ({ order, isDescending }: Narrowing, column: Order | null): "ascending" | "descending" | "none" | undefined =>
  column === null ? undefined : order !== column ? "none" : isDescending ? "descending" : "ascending";
