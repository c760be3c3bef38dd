import { ActionIcon, Button } from "@mantine/core";
import type { Timeline } from "@rapport/kit/stream";
import { IconArrowLeft, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Face } from "../components/Face";
import { Waiting } from "../components/Waiting";
import { t } from "../i18n";
import { lasted } from "../i18n/format";
import { waitingSince } from "../live/summary";
import { useNow } from "../platform/useNow";
import styles from "./Talk.module.css";

interface TalkHeaderProps {
  timeline: Timeline;
  hue?: number;
  isOnline: boolean;
  onBack: () => void;
  /** Null while the details are on screen anyway. */
  onDetails?: (() => void) | null;
  /** Null when it cannot be ended (any more). */
  onEnd: (() => void) | null;
  /** What else stands beside the name. */
  note?: ReactNode;
}

export function TalkHeader({ timeline, hue, isOnline, onBack, onDetails, onEnd, note }: TalkHeaderProps) {
  const since = timeline.ended ? null : waitingSince(timeline);
  return (
    <header className={styles.header}>
      <ActionIcon className={styles.back} variant="subtle" color="gray" size={36} aria-label={t("talk.back")} onClick={onBack}>
        <IconArrowLeft size={20} />
      </ActionIcon>
      <Face name={timeline.customer?.name ?? null} {...(hue === undefined ? {} : { hue })} size={38} online={isOnline} />
      <div className={styles.who}>
        <h1 className={`${styles.name} truncate`}>{timeline.customer?.name ?? t("talk.unknown")}</h1>
        <div className={styles.sub}>
          {note}
          {!timeline.ended && <span>{t(isOnline ? "talk.online" : "talk.offline")}</span>}
          {timeline.openedAt && !timeline.ended && <OpenFor since={timeline.openedAt} />}
        </div>
      </div>
      {since && <Waiting since={since} />}
      {onDetails && (
        <ActionIcon className={styles.info} variant="subtle" color="gray" size={36} aria-label={t("talk.details")} onClick={onDetails}>
          <IconInfoCircle size={20} />
        </ActionIcon>
      )}
      {onEnd && (
        <Button variant="default" size="sm" onClick={onEnd} aria-label={t("talk.end.full")} aria-keyshortcuts="Control+E">
          {t("talk.end")}
        </Button>
      )}
    </header>
  );
}

function OpenFor({ since }: { since: string }) {
  const time = lasted(useNow() - Date.parse(since));
  return <span className={`numeric ${styles.duration}`}>· {t("talk.duration", { time })}</span>;
}
