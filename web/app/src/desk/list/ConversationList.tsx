import { Button, Skeleton } from "@mantine/core";
import { IconCoffee, IconMessages } from "@tabler/icons-react";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/Failure";
import { t } from "../../i18n";
import { useDesk, useDeskStore, useInbox } from "../DeskProvider";
import { useStatus } from "../useStatus";
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
        <Nobody />
      )}
    </nav>
  );
}

function Nobody() {
  const { status, change, isChanging } = useStatus();
  if (status === "active") {
    return (
      <Empty icon={<IconMessages size={24} />} title={t("desk.list.none.active")} hint={t("desk.list.none.active.hint")} />
    );
  }
  return (
    <Empty
      icon={<IconCoffee size={24} />}
      title={t("desk.list.none.away")}
      hint={t("desk.list.none.away.hint")}
      action={
        <Button loading={isChanging} onClick={() => change("active")}>
          {t("desk.list.none.away.action")}
        </Button>
      }
    />
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
