import { IconChartBar } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Empty } from "../../components/Empty";
import { Failure } from "../../components/Failure";
import { Page } from "../../components/Page";
import { Splash } from "../../components/Splash";
import { t, type Key } from "../../i18n";
import { useTitle } from "../../platform/useTitle";
import { FEATURES, fetchMetrics, METRICS, type Figures, type Group, type Metrics as Shown, type Wanted } from "./api";
import { agentName, dayLabel, decimal, duration, listName, percent, queueName, whole } from "./figures";
import { Download, Filters } from "./Filters";
import styles from "./Metrics.module.css";
import { adoptionOf, featuresOf, timesOf } from "./options";
import { FiguresTable, Plot } from "./Plot";
import { Tiles } from "./Tiles";

const EVERYTHING: Wanted = { since: null, until: null, agent: null, queue: null, list: null };

/** What help at writing is worth. */
export default function Metrics() {
  const [wanted, setWanted] = useState(EVERYTHING);
  useTitle(t("console.metrics"));
  const metrics = useMetrics(wanted);
  const all = useMetrics({ ...EVERYTHING, since: wanted.since, until: wanted.until });
  return (
    <Page title={t("console.metrics")} hint={t("metrics.hint")} actions={<Download wanted={wanted} />}>
      <Filters
        wanted={wanted}
        shown={metrics.data}
        all={all.data}
        onChange={(change) => setWanted((before) => ({ ...before, ...change }))}
      />
      {metrics.isPending ? (
        <Splash />
      ) : metrics.isError ? (
        <Failure error={metrics.error} onRetry={() => void metrics.refetch()} />
      ) : metrics.data.total.messages === 0 ? (
        <Empty icon={<IconChartBar size={24} />} title={t("metrics.none")} hint={t("metrics.none.hint")} />
      ) : (
        <div aria-busy={metrics.isPlaceholderData} className={styles.figures}>
          <Sections metrics={metrics.data} />
        </div>
      )}
    </Page>
  );
}

const useMetrics = (wanted: Wanted) =>
  useQuery({
    queryKey: [...METRICS, wanted],
    queryFn: ({ signal }) => fetchMetrics(wanted, signal),
    placeholderData: keepPreviousData,
  });

function Sections({ metrics }: { metrics: Shown }) {
  const { total, days, agents, queues, lists, timeZone } = metrics;
  const adoption = useMemo(() => adoptionOf(days), [days]);
  const times = useMemo(() => timesOf(days), [days]);
  const features = useMemo(() => featuresOf(total), [total]);
  return (
    <>
      <Tiles total={total} />
      <div className={styles.plots}>
        <Plot
          title={t("metrics.by.day")}
          draw={adoption}
          heads={[t("metrics.day"), t("metrics.messages"), t("metrics.adoption")]}
          rows={days.map((day) => ({ key: day.key, cells: [dayLabel(day.key), whole(day.messages), percent(day.adoption)] }))}
        />
        <Plot
          title={t("metrics.by.time")}
          draw={times}
          heads={[t("metrics.day"), t("metrics.with"), t("metrics.without")]}
          rows={days.map((day) => ({
            key: day.key,
            cells: [dayLabel(day.key), decimal(day.craftingWith), decimal(day.craftingWithout)],
          }))}
        />
        <Plot
          title={t("metrics.by.feature")}
          draw={features}
          heads={[t("metrics.feature"), t("metrics.used")]}
          rows={FEATURES.map((one) => ({ key: one, cells: [t(`metrics.feature.${one}`), whole(total.features[one])] }))}
        />
      </div>
      <Groups
        title={t("metrics.by.list")}
        first={t("metrics.list")}
        groups={lists}
        name={({ key }) => listName(key)}
        columns={[["metrics.messages", COLUMNS["metrics.messages"]], ["metrics.share", shareOf(total)], ...OF_TEXTS]}
      />
      <Groups title={t("metrics.by.queue")} first={t("metrics.queue")} groups={queues} name={queueName} columns={EVERY} />
      <Groups title={t("metrics.by.agent")} first={t("metrics.agent")} groups={agents} name={agentName} columns={EVERY} />
      <p className={styles.zone}>{t("metrics.zone", { zone: timeZone })}</p>
    </>
  );
}

type Cell = (figures: Figures) => string;
type Column = readonly [head: Key, cell: Cell];

const COLUMNS = {
  "metrics.messages": ({ messages }) => whole(messages),
  "metrics.adoption": ({ adoption }) => percent(adoption),
  "metrics.acceptance": ({ acceptanceRate }) => percent(acceptanceRate),
  "metrics.edits": ({ editRate }) => percent(editRate),
  "metrics.with": ({ craftingWith }) => duration(craftingWith),
  "metrics.without": ({ craftingWithout }) => duration(craftingWithout),
  "metrics.characters": ({ charactersSaved }) => whole(charactersSaved),
} as const satisfies Partial<Record<Key, Cell>>;

const EVERY = Object.entries(COLUMNS) as [Key, Cell][];
/** What can be said of the texts of one list. */
const OF_TEXTS = EVERY.filter(([head]) => ["metrics.edits", "metrics.with", "metrics.characters"].includes(head));

const shareOf =
  (total: Figures): Cell =>
  ({ messages }) =>
    percent(total.messages === 0 ? null : messages / total.messages);

interface GroupsProps {
  title: string;
  /** What the first column names. */
  first: string;
  groups: Group[];
  name: (group: Group) => string;
  columns: readonly Column[];
}

function Groups({ title, first, groups, name, columns }: GroupsProps) {
  if (groups.length === 0) return null;
  return (
    <section className={styles.groups} aria-label={title}>
      <h2 className={styles.cardTitle}>{title}</h2>
      <FiguresTable
        label={title}
        heads={[first, ...columns.map(([head]) => t(head))]}
        rows={groups.map((group) => ({ key: group.key, cells: [name(group), ...columns.map(([, cell]) => cell(group))] }))}
      />
    </section>
  );
}
