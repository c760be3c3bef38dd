import { Drawer } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconMessage2 } from "@tabler/icons-react";
import { useCallback, useEffect } from "react";
import { useLocation } from "wouter";
import { Empty } from "../components/Empty";
import { t } from "../i18n";
import { useTitle } from "../platform/useTitle";
import styles from "./Desk.module.css";
import { useDesk } from "./DeskProvider";
import { wishForFocus } from "./focus";
import { Nobody } from "./Nobody";
import { ConversationList } from "./list/ConversationList";
import { Side } from "./panel/Side";
import { useSide } from "./panel/useSide";
import { Talk } from "./Talk";
import { useDeskKeys } from "./useDeskKeys";

export const addressOf = (id: string): string => `/desk/c/${id}`;

/** The sheet's own parts scroll, not the sheet. */
const SHEET = {
  header: { padding: "12px 16px" },
  content: { display: "flex", flexDirection: "column" },
  body: { flex: 1, minHeight: 0 },
} as const;

/** The agent's screen: who is waiting, what is said, who it is. */
export function Desk({ id }: { id: string | null }) {
  const [, go] = useLocation();
  const { rows, status } = useDesk();
  const isWide = useMediaQuery("(min-width: 761px)", true, { getInitialValueInEffect: false });
  const side = useSide();
  useTitle(t("desk.title"), rows.reduce((sum, row) => sum + row.unread, 0));

  const select = useCallback(
    (next: string | null) => {
      if (next && isWide) wishForFocus();
      go(next ? addressOf(next) : "/desk");
    },
    [go, isWide],
  );
  const leave = useCallback(
    (left: string) => select((isWide && rows.find((row) => row.id !== left && !row.ended)?.id) || null),
    [rows, select, isWide],
  );
  const first = rows[0]?.id;
  useEffect(() => {
    // An empty middle helps nobody; this shows the conversation and leaves the focus alone.
    if (!id && first && isWide) go(addressOf(first), { replace: true });
  }, [id, first, isWide, go]);
  useDeskKeys({ rows, id, go });

  return (
    <div className={styles.desk} data-open={id !== null} data-alone={rows.length === 0 && id === null} data-side={side.isShown}>
      <div className={styles.side}>
        <ConversationList selected={id} onSelect={select} />
      </div>
      <section className={styles.middle}>
        {id ? (
          <Talk key={id} id={id} onBack={() => go("/desk")} onLeave={leave} onSide={side.isShown ? null : side.show} />
        ) : status !== null && rows.length === 0 ? (
          <Nobody />
        ) : (
          <Empty icon={<IconMessage2 size={24} />} title={t("desk.choose")} hint={t("desk.choose.hint")} />
        )}
      </section>
      {side.isShown && id && (
        <aside className={styles.details} aria-label={t("panel.region")}>
          <Side id={id} tab={side.tab} onTab={side.choose} onInserted={side.inserted} onClose={side.hide} />
        </aside>
      )}
      <Drawer opened={side.isSheet && id !== null} onClose={side.hide} position="right" title={t("panel.region")} size={380} padding={0} styles={SHEET}>
        <Side id={id} tab={side.tab} onTab={side.choose} onInserted={side.inserted} />
      </Drawer>
    </div>
  );
}
