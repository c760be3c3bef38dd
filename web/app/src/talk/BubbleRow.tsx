import type { Bubble } from "@rapport/kit/stream";
import { IconAlertCircle, IconBookmarkPlus, IconCheck, IconChecks, IconClock } from "@tabler/icons-react";
import { memo } from "react";
import { explain } from "../components/Failure";
import { t } from "../i18n";
import { clockTime, fullTime } from "../i18n/format";
import { ofLive } from "../platform/http";
import styles from "./BubbleRow.module.css";

interface BubbleRowProps {
  bubble: Bubble;
  customer: string;
  reader: string;
  onRetry: (key: string) => void;
  onDiscard: (key: string) => void;
  onSave: ((text: string) => void) | null;
}

const STATE_ICON = {
  sending: IconClock,
  failed: IconAlertCircle,
  sent: IconCheck,
  delivered: IconChecks,
  read: IconChecks,
};

/** One message. Rows are drawn again only when something on them changed. */
export const BubbleRow = memo(function BubbleRow({ bubble, customer, reader, onRetry, onDiscard, onSave }: BubbleRowProps) {
  const { role, text, at, state, starts, ends, pendingKey } = bubble;
  const author = role === "customer" ? customer : (bubble.author?.name ?? "");
  return (
    <div className={styles.row} data-role={role} data-starts={starts} data-ends={ends} data-state={state}>
      <span className="said">{role === "system" ? t("talk.system") : author}</span>
      <p className={styles.bubble} title={fullTime(at)} dir="auto">
        {text}
      </p>
      {onSave && !pendingKey && bubble.author?.id === reader && (
        <button type="button" className={styles.save} aria-label={t("compose.save")} title={t("compose.save")} onClick={() => onSave(text)}>
          <IconBookmarkPlus size={15} />
        </button>
      )}
      {state === "failed" && pendingKey ? (
        <div className={styles.failed} role="alert">
          <IconAlertCircle size={14} aria-hidden="true" />
          <span>{bubble.refusal ? explain(ofLive(bubble.refusal)) : t("talk.failed")}</span>
          <button type="button" onClick={() => onRetry(pendingKey)}>
            {t("talk.resend")}
          </button>
          <button type="button" onClick={() => onDiscard(pendingKey)}>
            {t("talk.discard")}
          </button>
        </div>
      ) : (
        ends && (
          <div className={`${styles.meta} numeric`}>
            {role === "agent" && author && bubble.author?.id !== reader && <span>{author}</span>}
            {role === "system" && <span>{t("talk.system")}</span>}
            <time dateTime={at}>{clockTime(at)}</time>
            {role === "agent" && <State state={state} />}
          </div>
        )
      )}
    </div>
  );
}, isSame);

function State({ state }: { state: Bubble["state"] }) {
  const Icon = STATE_ICON[state];
  return (
    <span className={styles.state} data-state={state}>
      <Icon size={14} aria-hidden="true" />
      {t(`talk.${state}`)}
    </span>
  );
}

const SHOWN = ["text", "state", "starts", "ends", "at", "pendingKey", "refusal"] as const;

function isSame(one: BubbleRowProps, other: BubbleRowProps): boolean {
  return (
    one.customer === other.customer &&
    one.onRetry === other.onRetry &&
    one.onSave === other.onSave &&
    one.bubble.author?.name === other.bubble.author?.name &&
    SHOWN.every((field) => one.bubble[field] === other.bubble[field])
  );
}
