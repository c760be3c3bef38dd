import { useEffect } from "react";
import { t } from "../i18n";
import { isBehindDialog } from "../platform/keys";
import { useDesk, useInbox } from "./DeskProvider";
import styles from "./StatusSwitch.module.css";
import { useStatus } from "./useStatus";

/** Active or away, and how full the desk is. */
export function StatusSwitch() {
  const { status, toggle } = useStatus();
  const slots = useInbox().data?.slots ?? 0;
  const used = useDesk().rows.filter((row) => !row.ended).length;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || event.code !== "KeyA" || isBehindDialog()) return;
      event.preventDefault();
      toggle();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
  if (!status) return null;
  const active = status === "active";
  return (
    <div className={styles.group}>
      {slots > 0 && <Slots used={used} slots={slots} />}
      <button
        type="button"
        role="switch"
        className={styles.switch}
        aria-checked={active}
        aria-label={`${t("desk.status.label")}: ${t(`desk.status.${status}`)}`}
        onClick={toggle}
      >
        <span className={styles.track} aria-hidden="true">
          <span className={styles.knob} />
        </span>
        <span className={styles.word} aria-hidden="true">
          {t(`desk.status.${status}`)}
        </span>
      </button>
    </div>
  );
}

/** One pip for each conversation the agent can hold. */
function Slots({ used, slots }: { used: number; slots: number }) {
  const label = t("desk.slots", { used, slots });
  return (
    <div className={styles.slots} role="img" aria-label={label} title={label}>
      <span className={styles.pips}>
        {slots <= 8 &&
          Array.from({ length: slots }, (_, index) => <span key={index} className={styles.pip} data-used={index < used} />)}
      </span>
      <span className="numeric">{t("desk.slots.short", { used, slots })}</span>
    </div>
  );
}
