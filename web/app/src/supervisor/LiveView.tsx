import { Select, TextInput } from "@mantine/core";
import { useStore } from "@rapport/kit/react";
import { IconMessages, IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import { Empty } from "../components/Empty";
import { Failure } from "../components/Failure";
import { Splash } from "../components/Splash";
import { t } from "../i18n";
import type { BoardRow } from "../live/board";
import type { BoardStore } from "../live/boardStore";
import { useTitle } from "../platform/useTitle";
import { ConversationTable } from "./ConversationTable";
import { Figures } from "./Figures";
import styles from "./LiveView.module.css";
import { useBoard } from "./useBoard";
import { Watch } from "./Watch";

const NO_AGENT = "-";

/** What is going on right now, everywhere in the company. */
export default function LiveView({ id }: { id: string | null }) {
  const board = useBoard();
  useTitle(t("live.title"));
  return board ? <Board store={board} id={id} /> : <Splash />;
}

function Board({ store, id }: { store: BoardStore; id: string | null }) {
  const [, go] = useLocation();
  const { status, rows, error } = useStore(store);
  const [search, setSearch] = useState("");
  const [agent, setAgent] = useState<string | null>(null);
  const agents = useMemo(() => agentsOf(rows), [rows]);
  const shown = useMemo(() => rows.filter((row) => isBy(row, agent) && matches(row, search)), [rows, agent, search]);

  if (status === "failed") return <Failure title={t("live.failed")} error={error} onRetry={() => void store.load()} />;
  if (status === "loading" && rows.length === 0) return <Splash />;
  return (
    <div className={styles.view} data-open={id !== null}>
      <div className={styles.list}>
        <h1 className="said">{t("live.title")}</h1>
        <Figures rows={rows} rate={store.rate} />
        <div className={styles.filters}>
          <TextInput
            className={styles.search}
            aria-label={t("live.search")}
            placeholder={t("live.search")}
            leftSection={<IconSearch size={16} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <Select
            aria-label={t("live.agent")}
            placeholder={t("live.agent.all")}
            data={[{ value: NO_AGENT, label: t("live.agent.none") }, ...agents]}
            value={agent}
            onChange={setAgent}
            clearable
            searchable
            w={200}
          />
        </div>
        {shown.length > 0 ? (
          <ConversationTable rows={shown} selected={id} base="/desk/live" isLive />
        ) : rows.length === 0 ? (
          <Empty icon={<IconMessages size={24} />} title={t("live.none")} hint={t("live.none.hint")} />
        ) : (
          <Empty icon={<IconSearch size={24} />} title={t("live.none.match")} hint={t("live.none.match.hint")} />
        )}
      </div>
      {id && (
        <section className={styles.watch}>
          <Watch key={id} id={id} onBack={() => go("/desk/live")} />
        </section>
      )}
    </div>
  );
}

function agentsOf(rows: readonly BoardRow[]): { value: string; label: string }[] {
  const names = new Map(rows.flatMap(({ agent }) => (agent ? [[agent.id, agent.name ?? agent.id] as const] : [])));
  return [...names].map(([value, label]) => ({ value, label })).sort((a, b) => a.label.localeCompare(b.label));
}

function isBy(row: BoardRow, agent: string | null): boolean {
  if (agent === null) return true;
  return agent === NO_AGENT ? row.agent === null : row.agent?.id === agent;
}

function matches(row: BoardRow, search: string): boolean {
  const words = search.trim().toLocaleLowerCase();
  return !words || [row.id, row.name, row.lastText, row.agent?.name].some((text) => text?.toLocaleLowerCase().includes(words));
}
