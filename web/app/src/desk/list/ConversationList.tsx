import { Skeleton } from "@mantine/core";
import { Failure } from "../../components/Failure";
import { t } from "../../i18n";
import { useDesk, useDeskStore, useInbox } from "../DeskProvider";
import { Nobody } from "../Nobody";
import styles from "./ConversationList.module.css";
import { ConversationRow } from "./ConversationRow";

/** My conversations, who waits longest first. */
export function ConversationList({ selected, onSelect }: { selected: string | null; onSelect: (id: string) => void }) {
  const { rows, status } = useDesk();
  const store = useDeskStore();
  const inbox = useInbox();
  return (
    <nav className={styles.list} aria-label={t("desk.list")}>
      <h2 className={styles.heading}>
        {t("desk.list")}
        {rows.length > 0 && <span className={`${styles.count} numeric`}>{rows.length}</span>}
      </h2>
      {rows.length > 0 ? (
        <ul className={styles.rows}>
          {rows.map((row) => (
            <li key={row.id}>
              <ConversationRow row={row} hue={store?.hue(row.id) ?? 0} isSelected={row.id === selected} onSelect={onSelect} />
            </li>
          ))}
        </ul>
      ) : inbox.isError && status === null ? (
        <Failure title={t("desk.load.failed")} error={inbox.error} onRetry={() => void inbox.refetch()} />
      ) : status === null ? (
        <Loading />
      ) : (
        <div className={styles.phone}>
          <Nobody />
        </div>
      )}
    </nav>
  );
}

const Loading = () => (
  <div className={styles.loading} aria-busy="true">
    {[0, 1, 2].map((index) => (
      <div key={index} className={styles.ghost}>
        <Skeleton circle height={40} />
        <div>
          <Skeleton height={12} width="60%" />
          <Skeleton height={10} mt={9} />
        </div>
      </div>
    ))}
  </div>
);
