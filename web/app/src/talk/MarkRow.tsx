import type { Mark } from "@rapport/kit/stream";
import { IconNote } from "@tabler/icons-react";
import { memo } from "react";
import { t, type Key } from "../i18n";
import { clockTime, dayName } from "../i18n/format";
import styles from "./MarkRow.module.css";

export const DayRow = memo(({ at }: { at: string }) => (
  <div className={styles.day}>
    <span>{dayName(at)}</span>
  </div>
));

/** What happened between the messages. */
export const MarkRow = memo(({ mark }: { mark: Mark }) =>
  mark.kind === "noted" ? (
    <div className={styles.note}>
      <IconNote size={15} aria-hidden="true" />
      <div>
        <div className={styles.by}>
          {t("talk.noted", { name: mark.author.name ?? "" })} · {clockTime(mark.at)}
        </div>
        {mark.text}
      </div>
    </div>
  ) : (
    <div className={styles.mark}>
      {wording(mark)} · <time dateTime={mark.at}>{clockTime(mark.at)}</time>
    </div>
  ),
);

const REASONS = new Set(["agent", "supervisor", "customer", "quiet", "metadata"]);

function wording(mark: Mark): string {
  if (mark.kind === "ended") return t(`talk.ended.${REASONS.has(mark.text) ? mark.text : "other"}` as Key);
  return t(mark.kind === "joined" ? "talk.joined" : "talk.left", { name: mark.text });
}
