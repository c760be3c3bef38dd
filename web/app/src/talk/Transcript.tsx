import type { Entry, Pending } from "@rapport/kit/stream";
import { transcript } from "@rapport/kit/stream";
import { IconArrowDown } from "@tabler/icons-react";
import { useMemo, useRef } from "react";
import { t } from "../i18n";
import { Announcer } from "./Announcer";
import { BubbleRow } from "./BubbleRow";
import { DayRow, MarkRow } from "./MarkRow";
import styles from "./Transcript.module.css";
import { useStick } from "./useStick";

interface TranscriptProps {
  conversation: string;
  entries: readonly Entry[];
  outbox: readonly Pending[];
  customer: string;
  /** Whose screen it is: their own name need not stand under their words. */
  reader: string;
  typing: readonly string[];
  onRetry?: (key: string) => void;
  onDiscard?: (key: string) => void;
  /** Keeps one of the reader's own messages for later; null where nothing is kept. */
  onSave?: ((text: string) => void) | null;
}

const NOTHING: () => void = () => undefined;

/** What was said, newest at the bottom: it stays there until somebody scrolls up. */
export function Transcript({ conversation, entries, outbox, customer, reader, typing, onRetry, onDiscard, onSave = null }: TranscriptProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => transcript(entries, outbox, "agent"), [entries, outbox]);
  const { unseen, isAtEnd, toEnd } = useStick(scroller, conversation, rows, typing.length > 0);
  return (
    <div className={styles.frame}>
      <div ref={scroller} className={styles.scroller} tabIndex={0} role="group" aria-label={t("talk.messages")}>
        <div className={styles.rows} role="log" aria-live="off" aria-label={t("talk.messages")}>
          {rows.map((row) => {
            if (row.kind === "day") return <DayRow key={row.id} at={row.at} />;
            if (row.kind !== "message") return <MarkRow key={row.id} mark={row} />;
            return (
              <BubbleRow
                key={row.id}
                bubble={row}
                customer={customer}
                reader={reader}
                onRetry={onRetry ?? NOTHING}
                onDiscard={onDiscard ?? NOTHING}
                onSave={onSave}
              />
            );
          })}
        </div>
        <div className={styles.typing} aria-hidden="true">
          {typing.length > 0 && (
            <>
              <span className={styles.dots}>
                <i />
                <i />
                <i />
              </span>
              {t("talk.typing", { name: typing.join(", ") })}
            </>
          )}
        </div>
      </div>
      {!isAtEnd && (
        <button type="button" className={styles.pill} onClick={toEnd} aria-label={unseen > 0 ? undefined : t("talk.toEnd")}>
          <IconArrowDown size={15} aria-hidden="true" />
          {unseen > 0 && t("talk.new", { count: unseen })}
        </button>
      )}
      <Announcer entries={entries} customer={customer} />
    </div>
  );
}
