import { IconCircleCheck, IconPlugConnectedX, IconRefresh } from "@tabler/icons-react";
import { t } from "../i18n";
import styles from "./Banner.module.css";
import { useHealth, type Health } from "./useHealth";
import { useLine } from "./useLine";

const ICON = { lost: IconPlugConnectedX, reconnecting: IconRefresh, recovered: IconCircleCheck };

/** The line at the bottom: red at loss, yellow until it is back, green when it is (PLT-248). */
export function Banner() {
  const health = useHealth(useLine());
  return (
    <div role="status" aria-live="polite">
      {health !== "fine" && <Line health={health} />}
    </div>
  );
}

function Line({ health }: { health: Exclude<Health, "fine"> }) {
  const Icon = ICON[health];
  return (
    <div className={`${styles.banner} ${styles[health]}`} data-health={health}>
      <Icon size={17} aria-hidden="true" />
      {t(`connection.${health}`)}
    </div>
  );
}
