import { IconClock } from "@tabler/icons-react";
import { t } from "../i18n";
import { lasted } from "../i18n/format";
import { useNow } from "../platform/useNow";
import styles from "./Waiting.module.css";

/** From here on a wait is long, and from here on too long, in milliseconds. */
export const LONG_MS = 60_000;
export const TOO_LONG_MS = 180_000;

/** How long a customer has been waiting for an answer, ticking. */
export function Waiting({ since }: { since: string }) {
  const waited = useNow() - Date.parse(since);
  const time = lasted(waited);
  return (
    <span className={`${styles.waiting} numeric`} data-level={level(waited)} title={t("desk.list.waiting", { time })}>
      <IconClock size={12} stroke={2.2} aria-hidden="true" />
      <span className="said">{t("desk.list.waiting", { time: "" })}</span>
      {time}
    </span>
  );
}

const level = (ms: number): string => (ms >= TOO_LONG_MS ? "tooLong" : ms >= LONG_MS ? "long" : "fresh");
