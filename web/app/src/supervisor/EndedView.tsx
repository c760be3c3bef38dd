import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArchive, IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import { Empty } from "../components/Empty";
import { Failure } from "../components/Failure";
import { Splash } from "../components/Splash";
import { t } from "../i18n";
import { boardRowOf } from "../live/board";
import { call } from "../platform/http";
import type { SummaryPage } from "../platform/types";
import { useTitle } from "../platform/useTitle";
import { ConversationTable } from "./ConversationTable";
import styles from "./LiveView.module.css";
import { Watch } from "./Watch";

const PAGE = 50;

/** Conversations that are over, found by what was said in them and who they were with. */
export default function EndedView({ id }: { id: string | null }) {
  const [, go] = useLocation();
  const [search, setSearch] = useState("");
  const [q] = useDebouncedValue(search.trim(), 250);
  useTitle(t("ended.title"));
  const ended = useInfiniteQuery({
    queryKey: ["ended", q],
    queryFn: ({ pageParam, signal }) =>
      call<SummaryPage>("/desk/v1/conversations", { query: { state: "ended", q, limit: PAGE, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(
    () =>
      ended.data?.pages.flatMap((page) => page.items).map((one) => ({ ...boardRowOf(one), endedAt: one.ended_at })) ?? [],
    [ended.data],
  );
  return (
    <div className={styles.view} data-open={id !== null}>
      <div className={styles.list}>
        <h1 className="said">{t("ended.title")}</h1>
        <div className={styles.filters} style={{ marginTop: 0 }}>
          <TextInput
            className={styles.search}
            aria-label={t("ended.search")}
            placeholder={t("ended.search")}
            leftSection={<IconSearch size={16} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
        </div>
        {ended.isPending ? (
          <Splash />
        ) : ended.isError ? (
          <Failure title={t("live.failed")} error={ended.error} onRetry={() => void ended.refetch()} />
        ) : rows.length === 0 ? (
          <Empty icon={<IconArchive size={24} />} title={t(q ? "ended.none.match" : "ended.none")} />
        ) : (
          <ConversationTable rows={rows} selected={id} base="/desk/ended" />
        )}
        {ended.hasNextPage && (
          <Button variant="default" my="sm" loading={ended.isFetchingNextPage} onClick={() => void ended.fetchNextPage()}>
            {t("action.more")}
          </Button>
        )}
      </div>
      {id && (
        <section className={styles.watch}>
          <Watch key={id} id={id} onBack={() => go("/desk/ended")} />
        </section>
      )}
    </div>
  );
}
